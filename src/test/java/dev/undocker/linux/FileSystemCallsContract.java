package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.linux.DirectoryHandle.Rename;
import dev.undocker.testing.FailingDirectory;
import dev.undocker.testing.Requirements;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;

/// What both implementations promise.
abstract class FileSystemCallsContract {
    @TempDir Path temp;
    private Path tree;
    private Path outside;
    protected DirectoryHandle root;

    abstract FileSystemCalls calls();

    @BeforeEach
    void openRoot() throws IOException {
        tree = Files.createDirectory(temp.resolve("tree"));
        outside = Files.createDirectory(temp.resolve("outside"));
        root = calls().openDirectory(tree);
    }

    @AfterEach
    void closeRoot() throws IOException {
        root.close();
        assertThat(tree.toFile().list()).noneMatch(name -> name.startsWith(".undocker"));
    }

    static byte[] b(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Object unix(Path path, String attribute) throws IOException {
        return Files.getAttribute(path, "unix:" + attribute, LinkOption.NOFOLLOW_LINKS);
    }

    private static void assertFails(ThrowingCallable call, Errno... expected) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SystemCallException.class,
                        e -> assertThat(e.is(expected)).as(e.getMessage()).isTrue());
    }

    private static void write(DirectoryHandle directory, String name, String text)
            throws IOException {
        try (NewFile file = directory.makeFile(b(name), 0644)) {
            file.write(direct(text), 0);
        }
    }

    private static ByteBuffer direct(String text) {
        return ByteBuffer.allocateDirect(text.length()).put(b(text)).flip();
    }

    @Test
    void filesGetContentModeAndTimes() throws IOException {
        try (NewFile file = root.makeFile(b("f"), 0600)) {
            file.write(direct("hello "), 0);
            file.write(direct("world"), 6);
            file.setMode(04751);
            file.setTimes(1_234_567_890, 123_456_789);
        }

        Path file = tree.resolve("f");
        assertThat(file).hasContent("hello world");
        assertThat((int) unix(file, "mode") & 07777).isEqualTo(04751);
        assertThat(Files.getLastModifiedTime(file))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_789)));
    }

    @Test
    void timesBefore1970() throws IOException {
        try (NewFile file = root.makeFile(b("old"), 0600)) {
            file.setTimes(-5, 0);
        }
        assertThat(Files.getLastModifiedTime(tree.resolve("old")))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(-5)));
    }

    @Test
    void unwrittenPlacesAreHoles() throws IOException {
        try (NewFile file = root.makeFile(b("sparse"), 0600)) {
            file.write(direct("x"), 10 << 20);
            file.setSize(20 << 20);
        }
        assertThat(Files.size(tree.resolve("sparse"))).isEqualTo(20 << 20);
    }

    @Test
    void directoriesGetOwnModeAndTimes() throws IOException {
        root.makeDirectory(b("d"), 0755);
        try (DirectoryHandle d = root.openDirectory(b("d"))) {
            write(d, "f", "x");
            d.setMode(0711);
            d.setTimes(1_000_000_000, 7_000);
        }
        Path d = tree.resolve("d");
        assertThat((int) unix(d, "mode") & 07777).isEqualTo(0711);
        assertThat(Files.getLastModifiedTime(d))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_000_000_000, 7_000)));
    }

    @Test
    void directoriesGetStickyBit() throws IOException {
        root.makeDirectory(b("tmp"), 01777);
        try (DirectoryHandle d = root.openDirectory(b("tmp"))) {
            write(d, "f", "x");
            d.setMode(01777);
        }
        assertThat((int) unix(tree.resolve("tmp"), "mode") & 07777).isEqualTo(01777);
    }

    @Test
    void symlinksGetTheirOwnTimes() throws IOException {
        try (Node link = root.makeSymlink(b("l"), b("/etc/../no\377where"))) {
            link.setTimes(1_500_000_000, 123_456_000);
        }
        byte[] target = readlink(tree.resolve("l"));
        assertThat(target).isEqualTo(b("/etc/../no\377where"));
        assertThat(Files.getLastModifiedTime(tree.resolve("l"), LinkOption.NOFOLLOW_LINKS))
                .isEqualTo(FileTime.from(Instant.ofEpochSecond(1_500_000_000, 123_456_000)));
    }

    @Test
    void linksSayWhereTheyLead() throws IOException {
        Files.createSymbolicLink(tree.resolve("l"), Path.of("/etc/../nowhere"));
        Files.createDirectory(tree.resolve("d"));
        write(root, "f", "x");
        try {
            assertThat(root.linkTarget(b("l"))).isEqualTo(b("/etc/../nowhere"));
            assertThat(root.linkTarget(b("d"))).isNull();
            assertThat(root.linkTarget(b("f"))).isNull();
            assertFails(() -> root.linkTarget(b("none")), Errno.ENOENT);
        } catch (SystemCallException e) {
            assertThat(e.is(Errno.ENOSYS)).as(e.getMessage()).isTrue();
        }
    }

    private static byte[] readlink(Path link) throws IOException {
        Process process = new ProcessBuilder("readlink", "-n", link.toString()).start();
        return process.getInputStream().readAllBytes();
    }

    @Test
    void namesAreBytes() throws IOException {
        byte[] name = b("a\377\1 \\%\n\303\244");
        try (NewFile file = root.makeFile(name, 0600)) {
            file.write(direct("x"), 0);
        }
        root.makeDirectory(b("\376"), 0700);
        assertThat(root.list()).containsExactlyInAnyOrder(name, b("\376"));
        try (DirectoryHandle directory = root.openDirectory(b("\376"))) {
            root.makeLink(b("\375"), root, name);
            assertThat(directory.list()).isEmpty();
        }
        assertThat(root.remove(name)).isTrue();
        assertThat(root.remove(b("\375"))).isTrue();
        assertThat(root.remove(b("\376"))).isFalse();
        root.removeDirectory(b("\376"));
        assertThat(root.list()).isEmpty();
    }

    @Test
    void hardLinksShareTheInode() throws IOException {
        root.makeDirectory(b("d"), 0755);
        write(root, "f", "x");
        try (DirectoryHandle d = root.openDirectory(b("d"))) {
            d.makeLink(b("g"), root, b("f"));
        }
        assertThat(unix(tree.resolve("d/g"), "ino")).isEqualTo(unix(tree.resolve("f"), "ino"));
    }

    @Test
    void whatExistsIsNeverReplaced() throws IOException {
        write(root, "f", "old");
        Files.createSymbolicLink(tree.resolve("l"), outside.resolve("new"));
        for (String name : new String[] {"f", "l"}) {
            assertFails(() -> root.makeFile(b(name), 0600).close(), Errno.EEXIST);
            assertFails(() -> root.makeSymlink(b(name), b("x")).close(), Errno.EEXIST);
            assertFails(() -> root.makeDirectory(b(name), 0700), Errno.EEXIST);
            assertFails(() -> root.makeLink(b(name), root, b("f")), Errno.EEXIST);
        }
        assertThat(tree.resolve("f")).hasContent("old");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void noComponentMayBeALink() throws IOException {
        Files.createSymbolicLink(tree.resolve("out"), outside);
        Files.createDirectories(tree.resolve("a/b"));
        Files.createSymbolicLink(tree.resolve("a/in"), Path.of("b"));
        Files.createDirectory(outside.resolve("x"));

        for (String path : new String[] {"out", "out/x", "a/in"}) {
            assertFails(() -> root.openDirectory(b(path)).close(), Errno.ELOOP, Errno.ENOTDIR);
        }
        assertFails(() -> root.openDirectory(b("../outside")).close(), Errno.EXDEV);
        root.openDirectory(b("a/b")).close();
    }

    @Test
    void attributesOfALinkNeverReachItsTarget() throws IOException {
        Path canary = Files.writeString(outside.resolve("canary"), "x");
        Object before = Files.readAttributes(canary, "unix:mode,uid,gid,lastModifiedTime");
        try (Node link = root.makeSymlink(b("l"), b(canary.toString()))) {
            link.setTimes(1, 0);
        }
        assertFails(() -> root.setDirectoryMode(b("l"), 0777), Errno.ELOOP, Errno.EOPNOTSUPP);
        assertThat((Object) Files.readAttributes(canary, "unix:mode,uid,gid,lastModifiedTime"))
                .isEqualTo(before);
        assertThat(root.remove(b("l"))).isTrue();
        assertThat(canary).hasContent("x");
    }

    @Test
    void userAttributesOfFiles() throws IOException {
        UserDefinedFileAttributeView outsideView =
                Files.getFileAttributeView(outside, UserDefinedFileAttributeView.class);
        try {
            outsideView.write("probe", ByteBuffer.wrap(b("1")));
        } catch (IOException none) {
            Requirements.require(false, "needs user attributes on " + temp);
        }
        try (NewFile file = root.makeFile(b("f"), 0600)) {
            file.setXattr(b("user.mime"), b("\0\377"));
        }
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(tree.resolve("f"), UserDefinedFileAttributeView.class);
        ByteBuffer value = ByteBuffer.allocate(8);
        view.read("mime", value);
        assertThat(value.flip()).isEqualTo(ByteBuffer.wrap(b("\0\377")));
    }

    @Test
    void linksHaveNoUserAttributes() throws IOException {
        try (Node link = root.makeSymlink(b("l"), b("target"))) {
            assertThatThrownBy(() -> link.setXattr(b("user.x"), b("1")))
                    .isInstanceOfSatisfying(
                            SystemCallException.class,
                            refusal -> assertThat(refusal.is(Errno.EPERM)).isTrue());
        }
    }

    @Test
    void ownersAreNumbers() throws IOException {
        Requirements.root();
        try (NewFile file = root.makeFile(b("f"), 0600)) {
            file.setOwner(1234, 4_000_000);
            file.setMode(06755);
        }
        try (Node link = root.makeSymlink(b("l"), b("x"))) {
            link.setOwner(7, 8);
        }
        root.makeDirectory(b("d"), 0700);
        try (DirectoryHandle d = root.openDirectory(b("d"))) {
            d.setOwner(5, 6);
        }
        assertThat(unix(tree.resolve("f"), "uid")).isEqualTo(1234);
        assertThat(unix(tree.resolve("f"), "gid")).isEqualTo(4_000_000);
        assertThat((int) unix(tree.resolve("f"), "mode") & 07777).isEqualTo(06755);
        assertThat(unix(tree.resolve("l"), "uid")).isEqualTo(7);
        assertThat(unix(tree.resolve("l"), "gid")).isEqualTo(8);
        assertThat(unix(tree.resolve("d"), "uid")).isEqualTo(5);
        assertThat(unix(tree.resolve("d"), "gid")).isEqualTo(6);
    }

    @Test
    void renameKeepsWhatExistsUnlessToldOtherwise() throws IOException {
        root.makeDirectory(b("new"), 0700);
        root.makeDirectory(b("full"), 0700);
        root.makeDirectory(b("empty"), 0700);
        Files.writeString(tree.resolve("full/f"), "x");

        assertFails(() -> root.rename(b("new"), b("full"), Rename.NO_REPLACE), Errno.EEXIST);
        assertFails(
                () -> root.rename(b("new"), b("full"), Rename.REPLACE),
                Errno.ENOTEMPTY,
                Errno.EEXIST);
        root.rename(b("new"), b("empty"), Rename.REPLACE);
        root.rename(b("empty"), b("other"), Rename.NO_REPLACE);
        assertThat(root.list()).containsExactlyInAnyOrder(b("full"), b("other"));
    }

    @Test
    void openHandlesStayWithTheirDirectory() throws IOException {
        root.makeDirectory(b("d"), 0700);
        try (DirectoryHandle d = root.openDirectory(b("d"))) {
            Files.move(tree.resolve("d"), tree.resolve("moved"));
            Files.createSymbolicLink(tree.resolve("d"), outside);
            write(d, "f", "x");
        }
        assertThat(outside).isEmptyDirectory();
        assertThat(tree.resolve("moved/f")).hasContent("x");
    }

    @Test
    void aListingThatFailsMidwayFailsLikeACall() throws IOException {
        try (FailingDirectory failing = FailingDirectory.open();
                DirectoryHandle opened = calls().openDirectory(failing.path())) {
            assertFails(opened::list, Errno.EINVAL);
        }
    }
}
