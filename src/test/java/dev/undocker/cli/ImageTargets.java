package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.fuzz.FuzzTarget;
import dev.undocker.image.Digest;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Whole images, and the documents that hold them together, all the way through the command line.
public final class ImageTargets {
    private static final byte[] LAYER = layer().dir("d/").file("d/f", "x").toBytes();
    private static final ImageBuilder IMAGE = image(LAYER).tag("a:1");

    private ImageTargets() {}

    public static List<FuzzTarget> all() {
        FileSet docker = IMAGE.docker(Dialect.SKOPEO);
        FileSet oci = IMAGE.oci();
        String manifest = oci.names().get(2);
        return List.of(
                new FuzzTarget(
                        "image",
                        List.of(
                                docker.tar(),
                                oci.tar(),
                                Packing.GZIP.pack(docker.tar()),
                                Packing.ZSTD.pack(oci.tar())),
                        ImageTargets::convert),
                new FuzzTarget(
                        "docker-manifest",
                        List.of(docker.content("manifest.json")),
                        input -> convert(replaced(docker, "manifest.json", input))),
                new FuzzTarget(
                        "index",
                        List.of(oci.content("index.json")),
                        input -> convert(replaced(oci, "index.json", input))),
                new FuzzTarget(
                        "manifest",
                        List.of(oci.content(manifest)),
                        input -> {
                            FileSet files = replaced(oci, manifest, input);
                            String name = "blobs/sha256/" + Digest.sha256(input).hex();
                            convert(
                                    replaced(files, manifest, input)
                                            .file(name, input)
                                            .edit(
                                                    "index.json",
                                                    text -> index(text, manifest, input)));
                        }));
    }

    private static String index(String text, String manifest, byte[] input) {
        return text.replace(
                        manifest.substring(manifest.lastIndexOf('/') + 1),
                        Digest.sha256(input).hex())
                .replaceAll("\"size\":\\d+", "\"size\":" + input.length);
    }

    private static FileSet replaced(FileSet files, String name, byte[] content) {
        FileSet changed = new FileSet();
        for (String each : files.names()) {
            changed.file(each, each.equals(name) ? content : files.content(each));
        }
        return changed;
    }

    private static void convert(FileSet files) throws IOException {
        convert(files.tar());
    }

    private static void convert(byte[] input) throws IOException {
        Path directory = Files.createTempDirectory("undocker-fuzz");
        Path image = Files.write(directory.resolve("image"), input);
        Path out = directory.resolve("out.tar");
        try {
            Undocker.Result result =
                    CommandLineRun.of("rootfs", "--no-sync", "--temp-dir", directory, image, out);
            boolean refused = result.exitCode() == 1 && !Files.exists(out);
            boolean done = result.exitCode() == 0 && Files.exists(out);
            if (!(refused || done)
                    || result.errors()
                            .lines()
                            .anyMatch(line -> line.startsWith("undocker: internal error"))
                    || !new String(result.errors().getBytes(UTF_8), UTF_8)
                            .matches("((undocker|hint): [^\\p{Cntrl}]+\n)*")) {
                throw new AssertionError(
                        "exit code %d: %s".formatted(result.exitCode(), result.errors()));
            }
        } finally {
            Files.deleteIfExists(out);
            Files.delete(image);
            Files.delete(directory);
        }
    }
}
