package dev.undocker.fuzz;

import static dev.undocker.fuzz.LayerTargets.texts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;
import dev.undocker.image.Platform;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.StopSignal;
import dev.undocker.source.ConfigDocument;
import dev.undocker.source.ImageName;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.SmallRootfs;

import java.util.List;
import java.util.Map;

/// Configs, and what they mean inside the image.
final class DocumentTargets {
    private DocumentTargets() {}

    static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "config",
                        List.of(
                                ImageBuilder.image(new byte[1024])
                                        .config("Cmd", List.of("sh"))
                                        .config("Labels", Map.of("a", "b"))
                                        .config("Volumes", Map.of("/data", Map.of()))
                                        .config(
                                                "Healthcheck",
                                                Map.of("Test", List.of("NONE"), "Interval", 1))
                                        .configJson(),
                                "{\"history\":[{\"created_by\":\"x\",\"empty_layer\":true}]}"
                                        .getBytes(UTF_8)),
                        DocumentTargets::config),
                new FuzzTarget(
                        "passwd",
                        texts(
                                "root:x:0:0:root:/root:/bin/sh\n"
                                        + "u:x:5:6::/:\n"
                                        + "\0root:x:0:\n"
                                        + "u:x:6:u\n",
                                "u:x:4294967295:0:::\n\0:::\n"),
                        DocumentTargets::passwd),
                new FuzzTarget(
                        "words",
                        texts(
                                "nginx:1.25@sha256:" + "0".repeat(64),
                                "linux/arm64/v8",
                                "SIGRTMIN+3",
                                "docker.io/library/a"),
                        input -> {
                            String text = new String(input, UTF_8);
                            ImageName.split(text);
                            ImageName.normalize(text);
                            ImageName.shorten(text);
                            ContainerName.ofImage(text);
                            StopSignal.parse(text);
                            refused(() -> Platform.parse(text));
                            refused(() -> Digest.parse(text));
                        }));
    }

    private static void config(byte[] input) {
        ConfigDocument.parse("config", input, said -> {});
        ConfigDocument.history("config", input, said -> {});
        ConfigDocument.healthcheck("config", input, said -> {});
    }

    /// `etc/passwd`, a NUL, `etc/group`.
    private static void passwd(byte[] input) {
        String text = new String(input, ISO_8859_1);
        int nul = Math.max(0, text.indexOf('\0'));
        for (String user : List.of("u", "u:g", "5", "5:6")) {
            Example example = new Example();
            example.user = user;
            SmallRootfs rootfs =
                    new SmallRootfs()
                            .file("etc/passwd", 0644, text.substring(0, nul).getBytes(ISO_8859_1))
                            .file("etc/group", 0644, text.substring(nul).getBytes(ISO_8859_1));
            refused(() -> example.process(rootfs));
        }
    }

    /// What is refused must not keep the next reader from its turn.
    static void refused(Runnable reader) {
        try {
            reader.run();
        } catch (UndockerException e) {
            // as it should
        }
    }
}
