package dev.undocker.output.erofs;

import dev.undocker.UndockerException;
import dev.undocker.output.program.Program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// mkfs.erofs(1), which reads a tar from its standard input from version 1.8 on. What 1.5 (Debian
/// 12) makes of a tree is not what an image says: times before 1970 are taken for later ones, and a
/// name of 255 bytes ends it.
final class MkfsErofs {
    static final Program PROGRAM = new Program("mkfs.erofs", "erofs-utils");

    private static final Pattern VERSION = Pattern.compile("mkfs\\.erofs.* (\\d+)\\.(\\d+)");
    private static final int MAJOR = 1;
    private static final int MINOR = 8;

    private MkfsErofs() {}

    /// @throws UndockerException when it is missing or too old
    static void require() {
        String said = version();
        Matcher version = VERSION.matcher(said);
        if (!version.find()
                || Integer.parseInt(version.group(1)) < MAJOR
                || (Integer.parseInt(version.group(1)) == MAJOR
                        && Integer.parseInt(version.group(2)) < MINOR)) {
            throw new UndockerException("mkfs.erofs: reads no tar before version 1.8")
                    .withHint("Debian has that from release 13 on; undocker squashfs needs none");
        }
    }

    private static String version() {
        try {
            Process process =
                    new ProcessBuilder(PROGRAM.require().toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            try (InputStream said = process.getInputStream()) {
                return new String(said.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .findFirst()
                        .orElse("");
            }
        } catch (IOException e) {
            throw UndockerException.because("mkfs.erofs: cannot be started", e);
        }
    }
}
