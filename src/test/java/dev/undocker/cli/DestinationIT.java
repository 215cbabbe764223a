package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Where the output may go, and how it gets there: through the shell, as users do it.
@Timeout(120)
class DestinationIT {
    @TempDir private Path directory;
    private byte[] expected;

    @BeforeEach
    void convertOnce() throws Exception {
        Files.write(directory.resolve("image.tar"), HelloImage.bytes());
        Files.createDirectory(directory.resolve("tmp"));
        expected = succeed("undocker rootfs image.tar -").output();
        assertThat(expected).isNotEmpty();
    }

    /// Runs a command line with `undocker` in it, in the directory of the image.
    private Undocker.Result shell(String commands) throws IOException, InterruptedException {
        return Undocker.program(Path.of("/bin/bash"), "-c", commands)
                .in(directory)
                .with("PATH", Undocker.launcher().getParent() + ":" + System.getenv("PATH"))
                .with("TMPDIR", directory.resolve("tmp").toString())
                .run();
    }

    private Undocker.Result succeed(String commands) throws IOException, InterruptedException {
        Undocker.Result result = shell(commands);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        return result;
    }

    private void assertRefused(String commands, String errors) throws Exception {
        Undocker.Result result = shell(commands);
        assertThat(result.errors()).isEqualTo(errors);
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aRegularFileIsReplaced() throws Exception {
        Path out = Files.writeString(directory.resolve("out.tar"), "older");
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-rw----"));
        Path other = directory.resolve("other-name");
        Files.createLink(other, out);
        succeed("undocker rootfs image.tar out.tar");
        assertThat(out).hasBinaryContent(expected);
        assertThat(other).hasContent("older");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-rw----");
        assertThat(Workplace.names(directory))
                .containsExactly("image.tar", "other-name", "out.tar", "tmp");
    }

    /// As other programs write there: where the shell has come to, and it goes on behind.
    @ParameterizedTest
    @CsvSource({"bash,/dev/fd", "dash,/dev/fd", "zsh,/dev/fd", "bash,/proc/self/fd"})
    void anOpenFileIsWrittenWhereItStands(String shell, String descriptors) throws Exception {
        String script =
                """
                out=%s/3
                { echo before; undocker rootfs image.tar $out; echo behind; } 3> opened
                { echo before >&3; undocker rootfs image.tar $out; echo behind >&3; } 3> between
                { undocker rootfs image.tar $out; echo behind >&3; } 3>> between
                { undocker cpio image.tar - | cat; } > initramfs
                undocker cpio image.tar $out 3> through
                { undocker lxcconfig --cmd x image.tar -; } > config
                undocker lxcconfig --cmd x image.tar $out 3> config3
                undocker convert --output rootfs:$out --output dir:tree image.tar 3> beside
                """
                        .formatted(descriptors);
        Undocker.Result result =
                Undocker.program(Requirements.tool(shell), "-euc", script)
                        .in(directory)
                        .with("PATH", Undocker.launcher().getParent() + ":" + System.getenv("PATH"))
                        .run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.text()).isEqualTo("before\nbehind\n");
        String tar = new String(expected, ISO_8859_1);
        assertThat(directory.resolve("opened")).hasBinaryContent(expected);
        assertThat(directory.resolve("beside")).hasBinaryContent(expected);
        assertThat(Files.readString(directory.resolve("between"), ISO_8859_1))
                .isEqualTo("before\n" + tar + "behind\n" + tar + "behind\n");
        assertThat(directory.resolve("through"))
                .hasSameBinaryContentAs(directory.resolve("initramfs"));
        assertThat(directory.resolve("config3"))
                .hasSameBinaryContentAs(directory.resolve("config"));
    }

    @Test
    void whatAnOpenFileCannotBeIsSaid() throws Exception {
        assertRefused(
                "undocker rootfs image.tar /dev/fd/3 3< image.tar",
                "undocker: /dev/fd/3: is not open for writing\n");
        assertRefused(
                "undocker rootfs image.tar /dev/fd/9",
                "undocker: /dev/fd/9: no such file or directory\n");
        for (String kind : List.of("dir", "nspawn --force", "lxc --force", "lxc --format dir")) {
            Undocker.Result result = shell("undocker " + kind + " image.tar /dev/fd/3 3> out");
            assertThat(result.errors()).contains("undocker: /dev/fd/3 cannot hold a directory\n");
            assertThat(result.exitCode()).isEqualTo(2);
        }
        Requirements.tool("tar2sqfs");
        Undocker.Result result = shell("undocker squashfs image.tar /dev/fd/3 3> out");
        assertThat(result.errors()).startsWith("undocker: /dev/fd/3 cannot hold a squashfs\n");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void aNewFileHasTheUsualMode() throws Exception {
        succeed("umask 027 && undocker rootfs image.tar out.tar");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("out.tar"))))
                .isEqualTo("rw-r-----");
    }

    @ParameterizedTest
    @ValueSource(strings = {"older", ""})
    void aSymbolicLinkIsFollowed(String older) throws Exception {
        Path target = Files.createDirectory(directory.resolve("sub")).resolve("target.tar");
        if (!older.isEmpty()) {
            Files.writeString(target, older);
        }
        Path link = Files.createSymbolicLink(directory.resolve("out.tar"), Path.of("second"));
        Files.createSymbolicLink(directory.resolve("second"), Path.of("sub/target.tar"));
        succeed("undocker rootfs image.tar out.tar");
        assertThat(link).isSymbolicLink();
        assertThat(target).hasBinaryContent(expected);
        assertThat(Workplace.names(target.getParent())).containsExactly("target.tar");
    }

    @Test
    void fifosDevicesAndStandardOutput() throws Exception {
        byte[] fifo =
                succeed("mkfifo f && { cat f & undocker rootfs image.tar f; wait; } && test -p f")
                        .output();
        assertThat(fifo).isEqualTo(expected);
        succeed("undocker rootfs image.tar /dev/null && test -c /dev/null");
        succeed("undocker rootfs image.tar /dev/stdout > a && undocker rootfs image.tar - > b");
        assertThat(directory.resolve("a")).hasBinaryContent(expected);
        assertThat(directory.resolve("b")).hasBinaryContent(expected);
        assertThat(succeed("undocker rootfs image.tar /dev/stdout | cat").output())
                .isEqualTo(expected);
        assertThat(succeed("undocker rootfs image.tar /dev/fd/3 3>&1 | cat").output())
                .isEqualTo(expected);
        assertThat(succeed("cat <(undocker rootfs image.tar -)").output()).isEqualTo(expected);
        assertThat(succeed("undocker rootfs image.tar >(cat) | cat").output()).isEqualTo(expected);
    }

    @Test
    void appending() throws Exception {
        succeed("printf begin > out && undocker rootfs image.tar - >> out && printf end >> out");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes("begin".getBytes(UTF_8));
        all.writeBytes(expected);
        all.writeBytes("end".getBytes(UTF_8));
        assertThat(directory.resolve("out")).hasBinaryContent(all.toByteArray());
    }

    @Test
    void appendingToTheImageItself() throws Exception {
        assertRefused(
                "undocker rootfs image.tar - >> image.tar", "undocker: -: is the image itself\n");
        assertThat(directory.resolve("image.tar")).hasBinaryContent(HelloImage.bytes());
    }

    /// The shell opened it, so no argument names it.
    @Test
    void replacingTheImageOnStandardInput() throws Exception {
        assertRefused(
                "undocker rootfs - image.tar < image.tar",
                "undocker: image.tar: is the image itself\n");
        Path image = Files.createDirectory(directory.resolve("tree")).resolve("image.tar");
        Files.write(image, HelloImage.bytes());
        assertRefused(
                "undocker dir --force - tree < tree/image.tar",
                """
                undocker: tree: cannot be replaced: the image %s is in it or around it
                hint: choose another directory
                """
                        .formatted(image.toRealPath()));
        assertThat(directory.resolve("image.tar")).hasBinaryContent(HelloImage.bytes());
        assertThat(image).hasBinaryContent(HelloImage.bytes());
    }

    @Test
    void aFullDevice() throws Exception {
        assertRefused(
                "undocker rootfs image.tar /dev/full",
                "undocker: /dev/full: No space left on device\n");
        assertRefused(
                "undocker rootfs image.tar - > /dev/full",
                "undocker: standard output: No space left on device\n");
        assertRefused(
                "undocker rootfs --compress xz image.tar - > /dev/full",
                "undocker: standard output: No space left on device\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "rootfs --help"})
    void whatCannotBeShown(String line) throws Exception {
        assertRefused(
                "undocker %s > /dev/full".formatted(line),
                "undocker: standard output: No space left on device\n");
        assertRefused(
                "undocker %s >&-".formatted(line),
                "undocker: standard output: Bad file descriptor\n");
        Undocker.Result result =
                shell("(sleep 1; undocker %s) | :; exit ${PIPESTATUS[0]}".formatted(line));
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(141);
    }

    /// The bytes fit into no pipe, so that the writer meets the closed end.
    @ParameterizedTest
    @ValueSource(strings = {"", "--compress gzip", "--compress zstd --threads 3"})
    void theReaderGoesAway(String options) throws Exception {
        Files.write(
                directory.resolve("large.tar"), ImageBuilder.image(LargeLayer.bytes()).oci().tar());
        Undocker.Result result =
                shell(
                        "undocker rootfs %s large.tar - | head -c 10 | wc -c; exit ${PIPESTATUS[0]}"
                                .formatted(options));
        assertThat(result.errors()).isEmpty();
        assertThat(result.exitCode()).isEqualTo(141);
        assertThat(result.text().strip()).isEqualTo("10");
    }

    /// Two processes that move gigabytes need not wait for each other every 64 KiB.
    @Test
    void theReaderFindsAWidePipe() throws Exception {
        Requirements.tool("perl");
        Files.write(
                directory.resolve("large.tar"), ImageBuilder.image(LargeLayer.bytes()).oci().tar());
        String size = "(head -c 1 > head; perl -e 'print fcntl(STDIN, 1032, 0)')"; // F_GETPIPE_SZ
        assertThat(succeed("undocker rootfs image.tar - | " + size).text()).isEqualTo("65536");
        assertThat(succeed("undocker rootfs large.tar - | " + size).text()).isEqualTo("1048576");
        assertThat(succeed("UNDOCKER_SYSCALLS=java undocker rootfs large.tar - | " + size).text())
                .isEqualTo("65536");
    }

    @Test
    void closedStandardStreams() throws Exception {
        succeed("undocker rootfs image.tar out.tar <&- >&-");
        assertThat(directory.resolve("out.tar")).hasBinaryContent(expected);
        assertThat(succeed("undocker rootfs image.tar - <&-").output()).isEqualTo(expected);
        assertRefused(
                "undocker rootfs image.tar - >&-",
                "undocker: standard output: Bad file descriptor\n");
        assertRefused(
                "undocker rootfs - out.tar <&-",
                "undocker: standard input: cannot be read: Bad file descriptor\n");
        assertThat(shell("undocker rootfs none out.tar 2>&-").exitCode()).isEqualTo(1);
        assertThat(shell("undocker rootfs none out.tar <&- >&- 2>&-").exitCode()).isEqualTo(1);
    }

    /// Bytes may have gone to standard output before the failure was known.
    @Test
    void aFailureAfterBytesWentOut() throws Exception {
        byte[] layer = LargeLayer.bytes();
        byte[] image = ImageBuilder.image(layer).oci().tar();
        image[image.length / 2] ^= 1;
        Files.write(directory.resolve("large.tar"), image);
        Undocker.Result result = shell("undocker rootfs large.tar -");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).isNotEmpty();
        assertThat(result.errors()).startsWith("undocker: layer 1 (sha256:").hasLineCount(2);
        assertRefused(
                "undocker rootfs none -",
                """
                undocker: none: no such file or directory
                hint: in a registry? write docker://none
                """);
    }

    /// Once somebody reads the FIFO, which is opened last, all outputs are begun. Another user may
    /// replace the file but not link to it.
    @ParameterizedTest
    @ValueSource(strings = {"", "setpriv --reuid 65534 --regid 65534 --clear-groups"})
    void oneOfSeveralCannotTakeItsName(String user) throws Exception {
        if (!user.isEmpty()) {
            Requirements.root();
            Requirements.tool("setpriv");
        }
        Files.write(
                directory.resolve("large.tar"), ImageBuilder.image(LargeLayer.bytes()).oci().tar());
        Undocker.Result result =
                shell(
                        """
                        chmod 755 . && mkdir -m 777 shared && cd shared && mkdir -m 777 sub
                        mkfifo -m 666 fifo && printf older > a.tar && chmod 644 a.tar
                        %s undocker convert ../large.tar -o rootfs:a.tar -o dir:tree \\
                            -o rootfs:sub/b.tar -o rootfs:fifo &
                        exec 3< fifo && mv sub moved && cat <&3 > /dev/null; wait $!
                        """
                                .formatted(user));
        assertThat(result.errors()).endsWith("undocker: sub/b.tar: no such file or directory\n");
        assertThat(result.exitCode()).isEqualTo(1);
        Path shared = directory.resolve("shared");
        assertThat(shared.resolve("a.tar")).hasContent("older");
        assertThat(Workplace.names(shared)).containsExactly("a.tar", "fifo", "moved");
    }

    @Test
    void noRightToWrite() throws Exception {
        Requirements.root();
        Requirements.tool("setpriv");
        Undocker.Result result =
                shell(
                        """
                        mkdir -m 755 closed && chmod 755 . && chmod a+r image.tar
                        setpriv --reuid 65534 --regid 65534 --clear-groups \\
                            undocker rootfs image.tar closed/out.tar
                        """);
        assertThat(result.errors())
                .isEqualTo(
                        "undocker: closed/out.tar: %s/closed is not writable\n"
                                .formatted(directory));
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void noSpace() throws Exception {
        Requirements.root();
        Requirements.tool("unshare");
        Files.write(
                directory.resolve("large.tar"),
                ImageBuilder.image(LargeLayer.bytes())
                        .packed(ImageBuilder.Packing.GZIP)
                        .oci()
                        .tar());
        String small =
                "mkdir small && unshare --mount sh -c 'mount -t tmpfs -o size=1m none small && %s;"
                        + " code=$?; ls -A small; exit $code'";
        Undocker.Result full = shell(small.formatted("undocker rootfs large.tar small/out.tar"));
        assertThat(full.errors())
                .matches(
                        "undocker: small/out.tar: not enough space: \\d+ bytes needed, \\d+"
                                + " free\n");
        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.output()).isEmpty();
        full =
                shell(
                        "rmdir small;"
                                + small.formatted(
                                        "undocker rootfs --temp-dir small large.tar out.tar"));
        assertThat(full.errors())
                .matches(
                        "undocker: .*small: (cannot write a temporary file: No space left on"
                                + " device|not enough space: .*)\n"
                                + "hint: choose another directory with --temp-dir or TMPDIR\n");
        assertThat(full.exitCode()).isEqualTo(1);
        assertThat(full.output()).isEmpty();
        assertThat(directory.resolve("out.tar")).doesNotExist();
    }

    /// Whatever the locale, also one that is not installed.
    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "C.UTF-8", "xx_YY.UTF-8", ""})
    void namesOutsideAscii(String locale) throws Exception {
        String environment =
                "unset LC_CTYPE LANG LC_ALL; undocker() { env LC_ALL=%s undocker \"$@\"; }; "
                        .formatted(locale);
        succeed(
                environment
                        + "mkdir ü && cd ü && cp ../image.tar bild-ß.tar"
                        + " && undocker rootfs bild-ß.tar aus-ß.tar");
        assertThat(directory.resolve("ü/aus-ß.tar")).hasBinaryContent(expected);
        Undocker.Result result = shell(environment + "undocker rootfs 'nö' out.tar");
        assertThat(result.errors()).isEqualTo("undocker: nö: no such file or directory\n");
    }

    @Test
    void namesThatAreNotUtf8() throws Exception {
        succeed("cp image.tar $'i-\\xff' && undocker rootfs - out.tar < $'i-\\xff'");
        assertThat(directory.resolve("out.tar")).hasBinaryContent(expected);
        Undocker.Result result = shell("undocker rootfs image.tar $'out-\\xff.tar'");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors())
                .isEqualTo(
                        """
                        undocker: out-\\xff.tar: its encoding is not that of the locale
                        hint: - stands for standard input or output, which a shell opens under any name
                        """);
        assertThat(Workplace.names(directory)).doesNotContain("out-\ufffd.tar");
    }

    /// Encoders write as soon as they are opened.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootfs image.tar full/new.tar",
                "rootfs image.tar full/new.tar.gz",
                "rootfs image.tar full/new.tar.xz",
                "rootfs image.tar full/new.tar.zst",
                "incus image.tar full/new.tar.xz",
                "incus --split image.tar full/new",
                "lxc image.tar full/new",
                "lxcconfig image.tar full/new",
                "lxc --format dir --name new image.tar full",
                "bundle image.tar full/new",
                "dir image.tar full/new",
                "nspawn --name new image.tar full",
            })
    void aFullDiskLeavesNothing(String line) throws Exception {
        Requirements.root();
        Path full = Files.createDirectory(directory.resolve("full"));
        shell("mount -t tmpfs -o size=64k none full && head -c 64k /dev/zero >full/filler");
        try {
            Undocker.Result result = shell("undocker " + line);
            assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);
            assertThat(result.errors()).doesNotContain("internal error", "Exception");
            assertThat(Workplace.names(full)).containsExactly("filler");
        } finally {
            shell("umount full");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bundle image.tar new",
                "lxc image.tar new",
                "lxc --format dir --name new image.tar .",
                "incus --split image.tar new",
            })
    void directoriesHonourTheUmask(String line) throws Exception {
        shell("umask 077 && undocker " + line);
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(directory.resolve("new"))))
                .isEqualTo("rwx------");
    }

    @Test
    void standardOutputAndAnotherOutputAreTwoFiles() throws Exception {
        for (String other : List.of("a.tar >a.tar", "/dev/fd/3 >a.tar 3>>a.tar")) {
            Undocker.Result result =
                    shell("undocker convert image.tar -o rootfs:- -o rootfs:" + other);
            assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
            assertThat(result.errors()).contains("two outputs go there");
        }
    }

    @Test
    void whatReplacesAPrivateFileIsPrivateFromTheStart() throws Exception {
        Path out = Files.writeString(directory.resolve("out.tar"), "older");
        Files.setPosixFilePermissions(out, PosixFilePermissions.fromString("rw-------"));
        Requirements.tool("strace");
        Undocker.Result result =
                shell(
                        "strace -f -e trace=openat,chmod,fsync,rename -o log"
                                + " undocker rootfs image.tar out.tar");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        List<String> log = Files.readAllLines(directory.resolve("log"));
        assertThat(log.stream().filter(call -> call.matches(".*(chmod|fsync|rename)\\(.*")))
                .as("the mode is on the disk before the name is")
                .element(0)
                .asString()
                .contains("chmod(")
                .contains("/.out.tar.undocker-");
        assertThat(log)
                .anyMatch(call -> call.contains("/.out.tar.undocker-") && call.contains(", 0600)"))
                .noneMatch(call -> call.contains("/.out.tar.undocker-") && call.contains("0666"));
    }
}
