package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder.Dialect;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The example with a layer more, in which somebody has changed some files.
final class ChangedHelloImage {
    private ChangedHelloImage() {}

    static Path write(Path file) throws IOException {
        List<byte[]> layers = helloLayers();
        layers.add(
                layer().file("hello", "#!/bin/sh\necho hello\n")
                        .mode(0755)
                        .file("etc/group", "root:x:0:\nhello:x:1000:\n")
                        .mode(0600)
                        .owner(0, 42)
                        .symlink("srv/today.txt", "/etc/motd")
                        .dir("var/lib/hello/")
                        .file("var/lib/hello/count", "1")
                        .whiteout("srv/welcome.txt")
                        .whiteout("tmp")
                        .toBytes());
        return image(layers.toArray(byte[][]::new)).docker(Dialect.SKOPEO).tar(file);
    }

    private static List<byte[]> helloLayers() throws IOException {
        List<byte[]> layers = new ArrayList<>();
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new ByteArrayInputStream(HelloImage.bytes()))) {
            for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
                if (e.getName().endsWith(".tar")) {
                    layers.add(tar.readAllBytes());
                }
            }
        }
        return layers;
    }
}
