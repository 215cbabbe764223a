package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.Committed;
import dev.undocker.output.OutputRequest;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.Xattr;
import dev.undocker.testing.Endurance;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// What a tree on disk promises, whatever the system calls are.
abstract class DirectorySinkContract {
    @TempDir Path temp;
    final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    final TreeSettings settings = new TreeSettings();

    abstract FileSystemCalls calls();

    abstract String callsName();

    OutputRequest request(int threads) {
        OutputRequest request = SampleProgram.request(0, threads);
        return new OutputRequest(
                "",
                request.image(),
                request.rootfs(),
                request.sizes(),
                threads,
                false,
                warnings::add);
    }

    DirectorySink open(Path destination) {
        return DirectorySink.open(destination.toString(), settings, request(2), calls());
    }

    void write(Path destination, SampleTree tree) throws IOException {
        write(destination, tree, 2);
    }

    void write(Path destination, SampleTree tree, int threads) throws IOException {
        try (DirectorySink sink =
                DirectorySink.open(destination.toString(), settings, request(threads), calls())) {
            accept(sink, tree);
            sink.finish();
            sink.commit();
        }
    }

    static void accept(DirectorySink sink, SampleTree tree) {
        for (RootfsEntry entry : tree.entries()) {
            sink.accept(entry);
        }
    }

    static String run(Path directory, String... command) throws IOException {
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        try {
            assertThat(process.waitFor()).as(output).isZero();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return output;
    }

    /// Everything that `find` can tell, sorted by path; of directories not the number of links.
    static String listing(Path tree) throws IOException {
        return run(
                tree,
                "sh",
                "-c",
                "LC_ALL=C find . -type d -printf '%p %y %m %U:%G %T@\\n'"
                        + " -o -printf '%p %y %m %U:%G %n %T@ %l\\n' | LC_ALL=C sort");
    }

    List<String> names(Path directory) throws IOException {
        try (Stream<Path> names = Files.list(directory)) {
            return names.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everythingAsRoot(int threads) throws IOException {
        Requirements.root();
        Path tree = temp.resolve("tree");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(tree, sample, threads);
        }
        assertThat(listing(tree)).isEqualTo(expectedListing());
        assertThat(tree.resolve("home/me/big")).hasContent("0123456789".repeat(300_000));
        assertThat(tree.resolve("bin/su")).hasContent("su");
        assertThat(Files.size(tree.resolve("sparse"))).isEqualTo(50 << 20);
        assertThat(run(tree, "sh", "-c", "cmp -i 26214400:0 -n 6 sparse - <<E\nmiddle\nE"))
                .isEmpty();
        assertThat(names(temp)).containsExactly("tree");
    }

    /// No mode is anything but a mode, for whatever kind of node.
    @ParameterizedTest
    @ValueSource(ints = {0, 0700, 01, 0755, 07777})
    void everyModeAsRoot(int mode) throws IOException {
        Requirements.root();
        Path tree = temp.resolve("tree");
        try (SampleTree sample = new SampleTree(temp)) {
            sample.directory("d", mode, 0, 0);
            sample.directory("d/in", mode, 3, 4, new Xattr(SampleTree.b("user.x"), new byte[1]));
            sample.file("f", mode, 0, 0, "x");
            sample.file("x", mode, 0, 0, "x", new Xattr(SampleTree.b("user.x"), new byte[1]));
            write(tree, sample);
        }
        for (String name : List.of("d", "d/in", "f", "x")) {
            Object found = Files.getAttribute(tree.resolve(name), "unix:mode");
            assertThat((Integer) found & 07777).as(name).isEqualTo(mode);
        }
    }

    /// The whole sample tree as it has to be, in the words of [#listing].
    String expectedListing() {
        String t = " 1600000000.9876543210";
        return """
        . d 755 0:0%3$s
        ./bin d 755 0:0%3$s
        ./bin/ping f 755 0:0 1%1$s
        ./bin/su f 4755 0:0 2%1$s
        ./bin/wall f 2755 0:5 1%1$s
        ./dev d 755 0:0%3$s
        %2$s./home d 755 0:0%3$s
        ./home/me d 2750 1000:1001%3$s
        ./home/me/big f 600 1000:1001 2%1$s
        ./home/me/empty f 0 1000:1001 1%1$s
        ./home/me/marked f 444 1000:1001 1%1$s
        ./home/me/\377\1 f 644 1000:1001 1%1$s
        ./locked d 555 0:0%3$s
        ./locked/in d 111 0:0%3$s
        ./locked/in/again f 600 1000:1001 2%1$s
        ./locked/in/file f 400 0:0 1%1$s
        ./other f 4755 0:0 2%1$s
        ./sh l 777 7:8 1 1600000000.1234560000 /bin/no\376
        ./sparse f 644 0:0 1%1$s
        ./tmp d 1777 0:0%3$s
        """
                .formatted(t + " ", expectedDevices(t + " "), t);
    }

    abstract String expectedDevices(String time);

    @Test
    void withoutRootTheTreeIsUsableAndTheLossSaidOnce() throws IOException {
        Requirements.root();
        Requirements.tool("setpriv");
        Path place = publicDirectory();
        run(place, "chown", "12345:12345", ".");
        String output =
                sample(
                        place,
                        "setpriv",
                        "--reuid=12345",
                        "--regid=12345",
                        "--clear-groups",
                        "--inh-caps=-all",
                        "--bounding-set=-all");

        assertThat(output.lines()).hasSize(1);
        assertThat(output)
                .containsPattern("not kept: owners of 1[89] entries")
                .contains("2 device nodes")
                .contains("extended attributes")
                .contains("security.* trusted.*")
                .contains("2 set-id programs");
        Path tree = place.resolve("tree");
        assertThat(run(tree, "find", ".", "!", "-uid", "12345")).isEmpty();
        assertThat(run(tree, "stat", "-c", "%a", "locked", "locked/in", "home/me/empty"))
                .isEqualTo("555\n111\n0\n");
        assertThat(tree.resolve("locked/in/file")).hasContent("x");
        assertThat(run(tree, "ls", "home/me").lines()).contains("\377\1");
        assertThat(names(place)).containsExactlyInAnyOrder("classes", "tree");
    }

    @Test
    void withoutRootTheLossCanBeAFailure() throws IOException {
        Requirements.root();
        Requirements.tool("setpriv");
        Path place = publicDirectory();
        run(place, "chown", "12345:12345", ".");
        String output =
                sample(
                        place,
                        "fail",
                        "setpriv",
                        "--reuid=12345",
                        "--regid=12345",
                        "--clear-groups");
        assertThat(output).contains("cannot keep its").doesNotContain("not kept");
        assertThat(names(place)).containsExactly("classes");
    }

    @Test
    void inAUserNamespaceWhatTheKernelAllows() throws IOException {
        Requirements.tools("unshare", "setpriv");
        Requirements.root();
        Path place = publicDirectory();
        String output = sample(place, "unshare", "-U", "-r");
        assertThat(output.lines()).hasSize(1);
        assertThat(output).contains("device nodes").contains("owners of");
        assertThat(place.resolve("tree/bin/ping")).hasContent("ping");
    }

    /// A directory that every user can reach, with this program's classes in it.
    private Path publicDirectory() throws IOException {
        Path place = Files.createTempDirectory(Path.of("/tmp"), "undocker-test-");
        Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
        place.toFile().deleteOnExit();
        cleanUp.add(place);
        run(
                Path.of("").toAbsolutePath(),
                "sh",
                "-c",
                "mkdir $0/classes && cp -r target/classes/dev target/test-classes/dev $0/classes"
                        + " && chmod -R a+rX $0/classes",
                place.toString());
        return place;
    }

    private final List<Path> cleanUp = new ArrayList<>();

    @AfterEach
    void removePublicDirectories() throws IOException {
        for (Path place : cleanUp) {
            run(Path.of("/tmp"), "rm", "-rf", place.toString());
        }
    }

    private String sample(Path place, String... prefix) throws IOException {
        List<String> command = new ArrayList<>(List.of(prefix));
        String rootless = "warn";
        if (command.getFirst().equals("fail")) {
            rootless = command.removeFirst();
        }
        command.addAll(
                List.of(
                        "env",
                        "LC_ALL=C",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        place.resolve("classes").toString(),
                        "dev.undocker.output.directory.SampleProgram",
                        place.resolve("tree").toString(),
                        callsName(),
                        rootless));
        return run(place, command.toArray(String[]::new));
    }

    @Test
    void idsAreShifted() throws IOException {
        Requirements.root();
        settings.uidMap = List.of("0:100000:1000", "1000:5000:1");
        settings.gidMap = List.of("0:200000:65536");
        Path tree = temp.resolve("tree");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(tree, sample);
        }
        assertThat(run(tree, "stat", "-c", "%u:%g %a", ".", "home/me", "sh", "bin/su"))
                .isEqualTo(
                        "100000:200000 755\n5000:201001 2750\n100007:200008 777\n"
                                + "100000:200000 4755\n");
    }

    @Test
    void anIdOutsideEveryMapIsNamed() throws IOException {
        Requirements.root();
        settings.uidMap = List.of("0:100000:1000");
        try (SampleTree sample = SampleTree.ofEverything(temp);
                DirectorySink sink = open(temp.resolve("tree"))) {
            assertThatThrownBy(
                            () -> {
                                accept(sink, sample);
                                sink.finish();
                            })
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("id 1000 is outside every --uid-map");
        }
        assertThat(names(temp)).isEmpty();
    }

    @Test
    void zerosBecomeHolesOnDemand() throws IOException {
        settings.sparse = true;
        Path tree = temp.resolve("tree");
        String text = "a" + "\0".repeat(3 << 20) + "b" + "\0".repeat(1 << 20);
        try (SampleTree sample = new SampleTree(temp)) {
            sample.file("zeros", 0644, 0, 0, text);
            write(tree, sample);
        }
        assertThat(Files.readAllBytes(tree.resolve("zeros"))).isEqualTo(SampleTree.b(text));
        String blocks = run(tree, "stat", "-c", "%b", "zeros").strip();
        assertThat(Integer.parseInt(blocks)).isLessThanOrEqualTo(32);
    }

    @Test
    void withoutCommitNothingChanges() throws IOException {
        settings.force = true;
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Files.writeString(tree.resolve("old"), "old");
        try (SampleTree sample = SampleTree.ofEverything(temp);
                DirectorySink sink = open(tree)) {
            accept(sink, sample);
            sink.finish();
        }
        assertThat(names(temp)).containsExactly("tree");
        assertThat(names(tree)).containsExactly("old");
    }

    @Test
    void onlyForceReplaces() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Path canary = Files.writeString(temp.resolve("canary"), "x");
        Files.createDirectories(tree.resolve("locked/deep"));
        Files.createSymbolicLink(tree.resolve("locked/out"), temp);
        Files.setPosixFilePermissions(
                tree.resolve("locked"), PosixFilePermissions.fromString("---------"));
        assertThatThrownBy(() -> open(tree).close())
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("not empty");

        settings.force = true;
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(tree, sample);
        }
        assertThat(tree.resolve("bin/ping")).exists();
        assertThat(names(temp)).containsExactly("canary", "tree");
        assertThat(canary).hasContent("x");
    }

    @Test
    void anEmptyDirectoryIsTaken() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(tree, sample);
        }
        assertThat(tree.resolve("bin/ping")).exists();
        assertThat(names(temp)).containsExactly("tree");
    }

    @ParameterizedTest
    @ValueSource(strings = {"new", "empty", "full"})
    void aCommittedTreeCanBeTakenBack(String before) throws IOException {
        settings.force = true;
        Path tree = temp.resolve("tree");
        if (!before.equals("new")) {
            Files.createDirectory(tree);
            Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwx--x-w-"));
        }
        if (before.equals("full")) {
            Files.writeString(tree.resolve("old"), "old");
        }
        String place = run(temp, "find", ".", "-printf", "%p %m %U %G\n");
        try (SampleTree sample = SampleTree.ofEverything(temp);
                DirectorySink sink = open(tree)) {
            accept(sink, sample);
            sink.finish();
            Committed committed = sink.commit();
            assertThat(tree.resolve("bin/ping")).exists();
            committed.takeBack();
            assertThat(tree.resolve("bin/ping")).doesNotExist();
        }
        assertThat(run(temp, "find", ".", "-printf", "%p %m %U %G\n")).isEqualTo(place);
        assertThat(warnings).noneMatch(warning -> warning.contains("taken back"));
    }

    @Test
    void aLinkOrFileIsNoDestination() throws IOException {
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.createSymbolicLink(temp.resolve("link"), other);
        Files.writeString(temp.resolve("file"), "x");
        settings.force = true;
        for (String name : new String[] {"link", "file", "missing/tree"}) {
            assertThatThrownBy(() -> open(temp.resolve(name)).close())
                    .isInstanceOf(UndockerException.class);
        }
        assertThat(names(temp)).containsExactly("file", "link", "other");
    }

    @Test
    void aMountPointIsFilledInPlace() throws IOException {
        Path mount = mount("tmpfs", "nodev,size=8m");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(mount, sample);
            assertThat(mount.resolve("bin/ping")).hasContent("ping");
            assertThat(Files.getAttribute(mount.resolve("tmp"), "unix:mode")).isEqualTo(041777);
            assertThat(warnings).anyMatch(warning -> warning.contains("nodev"));
            run(mount, "sh", "-c", "rm -rf ./*");

            try (DirectorySink sink = open(mount)) {
                accept(sink, sample);
                sink.finish();
                sink.commit().takeBack();
            }
            assertThat(mount).isEmptyDirectory();
        } finally {
            run(temp, "umount", mount.toString());
        }
    }

    @Test
    void aFullDiskLeavesNothing() throws IOException {
        Path mount = mount("tmpfs", "size=1m");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            try (DirectorySink sink = open(mount.resolve("tree"))) {
                assertThatThrownBy(
                                () -> {
                                    accept(sink, sample);
                                    sink.finish();
                                })
                        .isInstanceOf(UndockerException.class)
                        .hasMessageContaining("no space left on device");
            }
            assertThat(mount).isEmptyDirectory();
            OutputRequest large = SampleProgram.request(2 << 20, 1);
            assertThatThrownBy(() ->
                            DirectorySink.open(
                                    mount.resolve("tree").toString(), settings, large, calls()))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("not enough space");
            assertThat(mount).isEmptyDirectory();
        } finally {
            run(temp, "umount", mount.toString());
        }
    }

    @Test
    void attributesThatTheFileSystemLacksAreSaid() throws IOException {
        Path mount = mount("ramfs", "rw");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(mount.resolve("tree"), sample);
            assertThat(warnings).anyMatch(warning -> warning.contains("extended attributes"));
        } finally {
            run(temp, "umount", mount.toString());
        }
    }

    @Test
    void namesThatTheFileSystemFoldsAreRefused() throws IOException {
        Requirements.root();
        Requirements.tools("mkfs.ext4", "chattr");
        Path image = temp.resolve("image");
        Path mount = Files.createDirectory(temp.resolve("mount"));
        try {
            run(temp, "truncate", "-s", "16m", "image");
            run(temp, "mkfs.ext4", "-q", "-O", "casefold", "image");
            run(temp, "mount", "-o", "loop", image.toString(), mount.toString());
        } catch (AssertionError refused) {
            Assumptions.abort("needs a kernel with case-insensitive ext4");
        }
        try (SampleTree sample = new SampleTree(temp)) {
            Path folding = Files.createDirectory(mount.resolve("folding"));
            run(mount, "chattr", "+F", "folding");
            sample.directory("d", 0755, 0, 0);
            sample.file("d/Makefile", 0644, 0, 0, "x");
            sample.file("d/makefile", 0644, 0, 0, "x");
            try (DirectorySink sink = open(folding.resolve("tree"))) {
                assertThatThrownBy(
                                () -> {
                                    accept(sink, sample);
                                    sink.finish();
                                })
                        .isInstanceOf(UndockerException.class)
                        .hasMessageContaining("d/Makefile and d/makefile are one name");
            }
            assertThat(folding).isEmptyDirectory();
        } finally {
            run(temp, "umount", mount.toString());
        }
    }

    Path mount(String type, String options) throws IOException {
        Requirements.root();
        Path mount = Files.createDirectory(temp.resolve("mount"));
        try {
            run(temp, "mount", "-t", type, "-o", options, type, mount.toString());
        } catch (AssertionError refused) {
            Requirements.require(false, "needs to mount " + type + ": " + refused.getMessage());
        }
        return mount;
    }

    @Test
    void aNameThatSomebodyElseMadeIsRefused() throws IOException {
        try (SampleTree sample = new SampleTree(temp);
                DirectorySink sink = open(temp.resolve("tree"))) {
            sample.file("f", 0644, 0, 0, "x");
            sample.file("f", 0644, 0, 0, "x");
            assertThatThrownBy(
                            () -> {
                                accept(sink, sample);
                                sink.finish();
                            })
                    .isInstanceOf(UndockerException.class)
                    .hasMessageContaining("f: exists already");
        }
        assertThat(names(temp)).isEmpty();
    }

    @Test
    void closingFromAnotherThreadStopsAndRemoves() throws Exception {
        try (SampleTree sample = new SampleTree(temp)) {
            sample.file("f", 0644, 0, 0, "x".repeat(1 << 20));
            RootfsEntry.Node node = (RootfsEntry.Node) sample.entries().get(1);
            DirectorySink sink = open(temp.resolve("tree"));
            sink.accept(sample.entries().getFirst());
            Thread writer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int i = 0; ; i++) {
                                        sink.accept(
                                                new RootfsEntry.Node(
                                                        dev.undocker.rootfs.RootfsPath.of("f" + i),
                                                        node.inode()));
                                    }
                                } catch (UndockerException stopped) {
                                    // expected
                                }
                            });
            Thread.sleep(100);
            sink.close();
            writer.join(10_000);
            assertThat(writer.isAlive()).isFalse();
            assertThat(names(temp)).doesNotContain("tree").allMatch("content"::equals);
        }
    }

    @Test
    void swappedDirectoriesLeadNowhere() throws Exception {
        assertThat(swapWhileWriting(20, 1)).isPositive();
    }

    @Test
    @Tag(Endurance.TAG)
    void manySwappedDirectoriesLeadNowhere() throws Exception {
        int swaps = Endurance.scaled(50_000);
        assertThat(swapWhileWriting(1, swaps)).isGreaterThanOrEqualTo(swaps);
    }

    /// Directories become symbolic links to a place outside and back while the tree is written, and
    /// while it is removed.
    ///
    /// @param rounds the tree is written at least so many times, and until there are so many swaps
    /// @return how many swaps there were
    private int swapWhileWriting(int rounds, int enough) throws Exception {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createDirectory(outside.resolve("in"));
        Path canary = Files.writeString(outside.resolve("f0"), "canary");
        String before = listing(outside);
        Path place = Files.createDirectory(temp.resolve("place"));
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        Thread attacker = Thread.ofPlatform().start(() -> swap(place, outside, done, swaps));
        try (SampleTree sample = new SampleTree(temp)) {
            for (int i = 0; i < 6; i++) {
                sample.directory("d" + i, 0755, 1, 1);
                sample.directory("d" + i + "/in", 0700, 1, 1);
            }
            for (int i = 0; i < 150; i++) {
                sample.file("d" + i % 6 + "/f" + i, 0600, 1, 1, "evil");
                sample.link("d" + (i + 1) % 6 + "/in/l" + i, "d" + i % 6 + "/f" + i);
            }
            for (int round = 0; round < rounds || swaps.get() < enough; round++) {
                try (DirectorySink sink = open(place.resolve("tree"))) {
                    accept(sink, sample);
                    sink.finish();
                } catch (UndockerException | IOException contained) {
                    // to fail is allowed, to go outside is not
                }
            }
        } finally {
            done.set(true);
            attacker.join();
        }
        assertThat(listing(outside)).isEqualTo(before);
        assertThat(canary).hasContent("canary");
        return swaps.get();
    }

    private static void swap(Path place, Path outside, AtomicBoolean done, AtomicInteger swaps) {
        for (int i = 0; !done.get(); i = (i + 1) % 6) {
            try (DirectoryStream<Path> trees = Files.newDirectoryStream(place, ".tree*")) {
                for (Path tree : trees) {
                    Path directory = tree.resolve("d" + i);
                    Path aside = tree.resolve("aside");
                    for (int n = 0;
                            n < 20 && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS);
                            n++) {
                        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
                        Files.createSymbolicLink(directory, outside);
                        swaps.incrementAndGet();
                        Files.delete(directory);
                        Files.move(aside, directory, StandardCopyOption.ATOMIC_MOVE);
                    }
                }
            } catch (IOException | DirectoryIteratorException lostRace) {
                // try the next one
            }
        }
    }
}
