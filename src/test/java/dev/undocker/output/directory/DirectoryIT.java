package dev.undocker.output.directory;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Stranger;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// `dir` as its users run it: what it replaces and what it leaves alone.
class DirectoryIT {
    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "undocker-dir").toRealPath();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterEach
    void remove() throws Exception {
        // not a @TempDir, which warns of each symbolic link in the trees
        Undocker.program(Path.of("/bin/rm"), "-rf", directory).succeed();
    }

    private static LayerBuilder sample() {
        return layer().dir("bin")
                .file("bin/su", "su")
                .mode(04755)
                .dir("ro")
                .mode(0555)
                .file("ro/f", "x")
                .hardLink("ro/g", "ro/f")
                .dir("ro/in")
                .mode(0111)
                .file("ro/in/secret", "x")
                .mode(0400)
                .dir("home")
                .owner(1000, 1001)
                .file("home/note", "x")
                .owner(1000, 1001)
                .xattr("user.note", "1")
                .symlink("sh", "/bin/su")
                .charDevice("null", 1, 3);
    }

    private void save(LayerBuilder... layers) throws IOException {
        ImageBuilder.image(Stream.of(layers).map(LayerBuilder::toBytes).toArray(byte[][]::new))
                .docker(Dialect.SKOPEO)
                .tar(directory.resolve("image.tar"));
    }

    private Undocker.Result undocker(Object... arguments) throws Exception {
        return Undocker.command(arguments).in(directory).run();
    }

    private void succeed(Object... arguments) throws Exception {
        assertThat(Undocker.command(arguments).in(directory).succeed().errors()).isEmpty();
    }

    private String shell(String script) throws Exception {
        return Undocker.program(Path.of("/bin/sh"), "-c", script)
                .in(directory)
                .with("LC_ALL", "C")
                .succeed()
                .text();
    }

    @Test
    void onlyForceReplacesAndOnlyADirectory() throws Exception {
        save(layer().file("new", "x"));
        Files.createDirectory(directory.resolve("tree"));
        Files.writeString(directory.resolve("tree/old"), "old");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("tree"));
        Files.writeString(directory.resolve("file"), "file");
        String before = shell("find . -printf '%p %i %T@\\n' | sort");
        for (String command : new String[] {"dir", "lxc", "bundle"}) {
            for (String options : new String[] {"--no-verify", "--force"}) {
                for (String destination : new String[] {"link", "file", "missing/tree"}) {
                    assertThat(undocker(command, options, "image.tar", destination).exitCode())
                            .isEqualTo(1);
                }
            }
            Undocker.Result refused = undocker(command, "image.tar", "tree");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.errors()).contains("tree: is not empty", "--force");
        }
        assertThat(shell("find . -printf '%p %i %T@\\n' | sort")).isEqualTo(before);

        succeed("dir", "--force", "image.tar", "tree");
        assertThat(shell("ls -A . tree"))
                .isEqualTo(".:\nfile\nimage.tar\nlink\ntree\n\ntree:\nnew\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dir", "lxc", "bundle", "nspawn --name m"})
    void theImageIsNeverReplaced(String command) throws Exception {
        save(layer().dir("usr").file("new", "x"));
        Path old = Files.createDirectories(directory.resolve("tree/m/sub"));
        Files.move(directory.resolve("image.tar"), old.resolve("image.tar"));
        Files.createSymbolicLink(directory.resolve("link"), old);
        for (String image : new String[] {"tree/m/sub/image.tar", "link/image.tar"}) {
            String destination = command.contains("--name") ? "tree" : "tree/m";
            Undocker.Result result =
                    undocker(
                            (Object[])
                                    (command + " --force " + image + " " + destination).split(" "));
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.errors()).contains("the image").contains(image);
        }
        assertThat(shell("find tree"))
                .isEqualTo("tree\ntree/m\ntree/m/sub\ntree/m/sub/image.tar\n");
    }

    @Test
    void failureLeavesTheOldTree() throws Exception {
        Files.createDirectory(directory.resolve("tree"));
        Files.writeString(directory.resolve("tree/old"), "old");
        byte[] layer = layer().file("new", "x").toBytes();
        ImageBuilder image = ImageBuilder.image(layer);
        byte[] changed = layer.clone();
        changed[512] = 'y';
        String name =
                image.docker(Dialect.SKOPEO).names().stream()
                        .filter(member -> member.endsWith(".tar"))
                        .findFirst()
                        .orElseThrow();
        image.docker(Dialect.SKOPEO)
                .remove(name)
                .file(name, changed)
                .tar(directory.resolve("image.tar"));
        Undocker.Result result = undocker("dir", "--force", "image.tar", "tree");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).contains("does not match its diffID");
        assertThat(shell("ls -A . tree")).isEqualTo(".:\nimage.tar\ntree\n\ntree:\nold\n");
    }

    @Test
    void signalLeavesTheOldTree() throws Exception {
        Files.createDirectory(directory.resolve("tree"));
        Files.writeString(directory.resolve("tree/old"), "old");
        LayerBuilder many = layer();
        for (int i = 0; i < 60_000; i++) {
            many.file("d" + i % 100 + "/f" + i, "x");
        }
        save(many);
        Process process =
                Undocker.command("dir", "--force", "--threads", "1", "image.tar", "tree")
                        .in(directory)
                        .start();
        String growing =
                shell(
                        "for i in $(seq 2000); do ls -d .tree.undocker-*/d5 2>/dev/null && break;"
                                + " sleep 0.005; done");
        process.toHandle().destroy();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(growing).contains(".tree.undocker-");
        assertThat(process.exitValue()).isEqualTo(143);
        assertThat(shell("ls -A . tree")).isEqualTo(".:\nimage.tar\ntree\n\ntree:\nold\n");
    }

    @Test
    void patternsChooseWhatIsWritten() throws Exception {
        save(
                layer().file("usr/share/doc/a", "")
                        .file("usr/share/doc/keep", "")
                        .file("usr/bin/b", "")
                        .hardLink("etc/b", "usr/bin/b")
                        .file("var/v", ""));
        succeed(
                "dir",
                "--include",
                "usr",
                "--include",
                "etc",
                "--exclude",
                "usr/share/doc/a",
                "image.tar",
                "tree");
        assertThat(shell("cd tree && find . -type f | sort"))
                .isEqualTo("./etc/b\n./usr/bin/b\n./usr/share/doc/keep\n");
    }

    @Test
    void idsAreShifted() throws Exception {
        Requirements.root();
        save(sample());
        succeed(
                "dir",
                "--uid-map=0:100000:1000",
                "--uid-map=1000:7:1",
                "--gid-map=0:200000:65536",
                "image.tar",
                "tree");
        assertThat(shell("cd tree && stat -c '%n %u:%g %a' . bin/su home sh null"))
                .isEqualTo(
                        """
                        . 100000:200000 755
                        bin/su 100000:200000 4755
                        home 7:201001 755
                        sh 100000:200000 777
                        null 100000:200000 644
                        """);
        Undocker.Result outside = undocker("dir", "--uid-map=0:100000:1000", "image.tar", "other");
        assertThat(outside.exitCode()).isEqualTo(1);
        assertThat(outside.errors())
                .containsPattern("home(/note)?: id 1000 is outside every --uid-map");
        assertThat(directory.resolve("other")).doesNotExist();
    }

    @Test
    void holesStayAndZerosBecomeHolesOnDemand() throws Exception {
        save(
                layer().sparse(
                                LayerBuilder.SparseForm.PAX_1_0,
                                "holes",
                                50 << 20,
                                new LayerBuilder.Piece(20 << 20, "data"))
                        .file("zeros", "a" + "\0".repeat(4 << 20) + "b"));
        succeed("dir", "image.tar", "dense");
        succeed("dir", "--sparse", "image.tar", "sparse");
        assertThat(shell("stat -c %s dense/holes sparse/holes dense/zeros sparse/zeros"))
                .isEqualTo("52428800\n52428800\n4194306\n4194306\n");
        assertThat(shell("cmp dense/holes sparse/holes; cmp dense/zeros sparse/zeros")).isEmpty();
        String[] kilobytes =
                shell("du -k dense/holes sparse/holes dense/zeros sparse/zeros | cut -f1")
                        .split("\n");
        assertThat(Integer.parseInt(kilobytes[0])).isLessThan(64);
        assertThat(Integer.parseInt(kilobytes[1])).isLessThan(64);
        assertThat(Integer.parseInt(kilobytes[2])).isGreaterThanOrEqualTo(4096);
        assertThat(Integer.parseInt(kilobytes[3])).isLessThan(64);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutRootTheTreeIsUsable(boolean userNamespace) throws Exception {
        Stranger stranger = stranger(userNamespace);
        save(sample());
        Undocker.Result result = stranger.command("dir", "../image.tar", "tree").succeed();
        assertThat(result.errors().lines()).hasSize(1);
        // root of a user name space owns what the image's root owns
        String owners = userNamespace ? "owners of 2 entries" : "owners of 10 entries";
        assertThat(result.errors()).contains("not kept", owners, "1 device node");
        assertThat(shell("cd user/tree && find . ! -uid " + Stranger.ID)).isEmpty();
        assertThat(shell("cd user/tree && find . -printf '%p %m %n %l\\n' | sort"))
                .contains(
                        "./ro 555",
                        "./ro/in 111",
                        "./ro/f 644 2",
                        "./ro/g 644 2",
                        "./sh 777 1 /bin")
                .doesNotContain("null");

        Undocker.Result strict =
                stranger.command("dir", "--rootless=fail", "../image.tar", "no").run();
        assertThat(strict.exitCode()).isEqualTo(1);
        assertThat(strict.errors()).contains("cannot keep its");
        assertThat(shell("ls -A user")).isEqualTo("tree\n");

        // a read-only tree is replaced and removed too
        stranger.command("dir", "--force", "../image.tar", "tree").succeed();
        assertThat(shell("ls -A user")).isEqualTo("tree\n");
    }

    private Stranger stranger(boolean userNamespace) throws Exception {
        Stranger stranger = Stranger.in(directory);
        return userNamespace ? stranger.inUserNamespace() : stranger;
    }

    /// A configuration that maps ids over a tree that is not shifted starts nothing, or worse.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void idMapsNeedTheRightToGiveFilesAway(boolean userNamespace) throws Exception {
        Stranger stranger = stranger(userNamespace);
        save(sample());
        String why = userNamespace ? "does not have these ids" : "without root's rights";
        for (String command : List.of("dir", "bundle", "nspawn", "lxc --format=dir")) {
            String line =
                    command
                            + " --uid-map=0:100000:65536 --gid-map=0:100000:65536 ../image.tar "
                            + (command.startsWith("lxc") ? "." : "new");
            Undocker.Result result = stranger.command((Object[]) line.split(" ")).run();
            assertThat(result.exitCode()).as(line).isEqualTo(1);
            assertThat(result.errors())
                    .startsWith("undocker: --uid-map 0:100000:65536: ")
                    .contains(why, "hint: run as root", "unshare --map-root-user");
        }
        assertThat(shell("ls -A user")).isEmpty();
        String own = userNamespace ? "0" : Integer.toString(Stranger.ID);
        stranger.command(
                        "dir",
                        "--uid-map=0:%s:1".formatted(own),
                        "--gid-map=0:%s:1".formatted(own),
                        "--exclude=home",
                        "../image.tar",
                        "mine")
                .succeed();
    }

    @Test
    void strangersExtractTheTarToo() throws Exception {
        Requirements.tool("tar");
        Stranger stranger = stranger(false);
        save(layer().dir("ro").mode(0555).file("ro/f", "x").file("home/x", "x").owner(5, 6));
        stranger.command("dir", "../image.tar", "tree").succeed();
        stranger.program(
                        "sh",
                        "-c",
                        "mkdir tar && ../program/bin/undocker rootfs ../image.tar - | tar -xp -C"
                                + " tar")
                .succeed();
        assertThat(TreeListing.of(directory.resolve("user/tar")))
                .hasToString(TreeListing.of(directory.resolve("user/tree")).toString());
    }

    @Test
    void withoutSystemCallsTheTreeIsTheSame() throws Exception {
        Requirements.root();
        save(
                layer().dir("d")
                        .mode(0700)
                        .owner(1, 2)
                        .mtime(1_600_000_000, 123_456_789)
                        .dir("d/setgid")
                        .mode(02775)
                        .owner(0, 50)
                        .dir("tmp")
                        .mode(01777)
                        .dir("ro")
                        .mode(0555)
                        .file("ro/f", "x")
                        .mode(0400)
                        .dir("ro/in")
                        .mode(0111)
                        .file("ro/in/secret", "x")
                        .mode(0)
                        .file("setuid", "program")
                        .mode(06755)
                        .owner(70_000, 4_294_967_294L)
                        .xattr("user.b", "")
                        .xattr("user.a", "a\nb=")
                        .hardLink("ro/in/other", "setuid")
                        .hardLink("d/third", "ro/in/other")
                        .file("empty", "")
                        .mtime(-86_400)
                        .file("big", "0123456789".repeat(200_000))
                        .mtime(5_000_000_000L, 1)
                        .sparse(
                                LayerBuilder.SparseForm.PAX_1_0,
                                "holes",
                                8 << 20,
                                new LayerBuilder.Piece(5 << 20, "data"))
                        .file("n".repeat(255), "")
                        .file("blank  \n\t\377\u00e9\1\\", "odd")
                        .symlink("dangling", "../../\377 \n")
                        .owner(7, 8)
                        .mtime(1_500_000_000, 5)
                        .hardLink("d/link", "dangling")
                        .file("deep/" + "d/".repeat(200) + "f", "deep"),
                layer().whiteout("d/setgid").dir("tmp/new"));
        succeed("dir", "image.tar", "native");
        for (String locale : List.of("C", "C.UTF-8")) {
            Undocker java = withoutSystemCalls("java").with("LC_ALL", locale);
            assertThat(java.succeed().errors()).isEmpty();
            assertThat(tree("java")).as(locale).isEqualTo(tree("native"));
        }
    }

    @Test
    void whatNeedsSystemCallsIsLostWithoutAndSaidSo() throws Exception {
        Requirements.root();
        save(
                layer().file("kept", "x")
                        .xattr("user.x", "1")
                        .xattr("trusted.x", "2")
                        .xattr("security.capability", "\1\0\0\2\0\40\0\0" + "\0".repeat(12))
                        .dir("directory")
                        .xattr("user.x", "3")
                        .charDevice("null", 1, 3)
                        .hardLink("zero", "null")
                        .blockDevice("sda", 8, 0)
                        .fifo("pipe")
                        .file("early", "")
                        .mtime(-1, 500_000_000)
                        .symlink("link", "directory/")
                        .dir("ro")
                        .mode(01555));
        succeed("dir", "image.tar", "native");
        assertThat(tree("native"))
                .isEqualTo(
                        """
                        d /
                        d directory user.x="3"
                        f early "" @-1.500000000
                        f kept "x" security.capability="%s" trusted.x="2" user.x="1"
                        l link -> directory/
                        c null 1:3
                        p pipe
                        d ro 1555
                        b sda 8:0
                        c zero 1:3
                        """
                                .formatted("\\x01\\x00\\x00\\x02\\x00 " + "\\x00".repeat(14)));
        Undocker.Result result = withoutSystemCalls("java").succeed();
        assertThat(tree("java"))
                .isEqualTo(
                        """
                        d /
                        d directory
                        f early "" @-1
                        f kept "x" user.x="1"
                        l link -> directory
                        d ro 0555
                        """);
        assertThat(result.errors())
                .endsWith(
                        "/java: not kept: mode of 1 entry, 2 device nodes, 1 FIFO, time of 1"
                                + " entry, 3 extended attributes, namely security.* trusted.*"
                                + " user.*\n");
    }

    private Undocker withoutSystemCalls(String destination) {
        return Undocker.command("dir", "--force", "image.tar", destination)
                .in(directory)
                .with("UNDOCKER_SYSCALLS", "java");
    }

    private String tree(String name) throws Exception {
        return TreeListing.of(directory.resolve(name)).toString();
    }
}
