package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.linux.DirectoryHandle.Rename;
import dev.undocker.linux.DirectoryHandle.Special;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

class LinuxCallsTest extends FileSystemCallsContract {
    @BeforeEach
    void needsSystemCalls() {
        Requirements.require(LinuxCalls.available(), "needs Linux on a known architecture");
    }

    @Override
    FileSystemCalls calls() {
        return new LinuxCalls();
    }

    @Test
    void specialNodes() throws IOException, InterruptedException {
        Requirements.root();
        root.makeSpecial(b("fifo"), Special.FIFO, 0600, 0, 0).close();
        root.makeSpecial(b("null"), Special.CHARACTER_DEVICE, 0666, 1, 3).close();
        try (Node disk = root.makeSpecial(b("disk"), Special.BLOCK_DEVICE, 0, 259, 70_000)) {
            disk.setOwner(0, 6);
            disk.setMode(0660);
        }
        assertThat(run("stat", "-c", "%F %t %T %a", "fifo", "null", "disk"))
                .isEqualTo(
                        """
                        fifo 0 0 600
                        character special file 1 3 %s
                        block special file 103 11170 660
                        """
                                .formatted(
                                        Integer.toOctalString(
                                                0666 & ~ProcessStatus.current().umask())));
    }

    @Test
    void aDirectoryTakesAllAttributesOfAnother() throws IOException, InterruptedException {
        Requirements.root();
        Requirements.tools("getfattr", "setfattr");
        root.makeDirectory(b("from"), 0700);
        root.makeDirectory(b("to"), 0755);
        try (DirectoryHandle from = root.openDirectory(b("from"));
                DirectoryHandle to = root.openDirectory(b("to"))) {
            from.setOwner(70_000, 6);
            from.setMode(03750);
            from.setXattr(b("trusted.x"), new byte[] {0, 1});
            from.setXattr(b("user.empty"), new byte[0]);
            from.setTimes(-5, 7_000);
            to.takeAttributesOf(from);
        }
        for (String[] look :
                new String[][] {
                    {"stat", "-c", "%u %g %a %y"}, {"getfattr", "--only-values", "-n", "trusted.x"}
                }) {
            String[] ofBoth = java.util.Arrays.copyOf(look, look.length + 1);
            ofBoth[look.length] = "from";
            String before = run(ofBoth);
            ofBoth[look.length] = "to";
            assertThat(run(ofBoth)).isEqualTo(before);
        }
    }

    @Test
    void attributesOfLinksAndSpecialNodes() throws IOException, InterruptedException {
        Requirements.root();
        Requirements.tool("getfattr");
        try (Node link = root.makeSymlink(b("l"), b("nowhere"))) {
            link.setXattr(b("trusted.x"), b("1"));
        }
        try (Node pipe = root.makeSpecial(b("p"), Special.FIFO, 0600, 0, 0)) {
            pipe.setXattr(b("trusted.x"), b("2"));
        }
        assertThat(run("getfattr", "-h", "-n", "trusted.x", "l", "p"))
                .contains("trusted.x=\"1\"")
                .contains("trusted.x=\"2\"");
    }

    @Test
    void defaultAclIsNotHandedDown() throws IOException, InterruptedException {
        Requirements.tools("setfacl", "getfacl");
        run("setfacl", "-d", "-m", "u:12:rwx,o::rwx", ".");
        root.makeDirectory(b("d"), 0700);
        try (DirectoryHandle d = root.openDirectory(b("d"))) {
            d.clearInherited();
            d.makeFile(b("f"), 0600).close();
        }
        assertThat(run("stat", "-c", "%a", "d", "d/f")).isEqualTo("700\n600\n");
        assertThat(run("getfacl", "d", "d/f")).doesNotContain("user:12").doesNotContain("default");
    }

    @Test
    void stepsRefuseLinksLikeOpenat2() throws IOException {
        LinuxDirectory directory = (LinuxDirectory) root;
        Files.createDirectories(temp.resolve("tree/a/b"));
        Files.createSymbolicLink(temp.resolve("tree/a/l"), Path.of("b"));
        directory.openBySteps(b("a/b")).close();
        for (String path : new String[] {"a/l", "a/l/x"}) {
            assertThatThrownBy(() -> directory.openBySteps(b(path)).close())
                    .isInstanceOf(SystemCallException.class);
        }
        assertThatThrownBy(() -> directory.openBySteps(b("a/../../outside")).close())
                .isInstanceOfSatisfying(
                        SystemCallException.class, e -> assertThat(e.is(Errno.EXDEV)).isTrue());
    }

    @Test
    void exchange() throws IOException {
        root.makeDirectory(b("old"), 0700);
        root.makeDirectory(b("new"), 0700);
        Files.writeString(temp.resolve("tree/new/f"), "x");
        try {
            root.rename(b("new"), b("old"), Rename.EXCHANGE);
        } catch (SystemCallException e) {
            Requirements.require(!e.is(Errno.ENOSYS, Errno.EINVAL), "needs renameat2 on " + temp);
            throw e;
        }
        assertThat(temp.resolve("tree/old/f")).hasContent("x");
        assertThat(temp.resolve("tree/new")).isEmptyDirectory();
    }

    @Test
    void fractionsBefore1970() throws IOException, InterruptedException {
        try (NewFile file = root.makeFile(b("f"), 0600)) {
            file.setTimes(-5, 250_000_000);
        }
        assertThat(run("stat", "-c", "%.9Y", "f")).isEqualTo("-4.750000000\n");
    }

    @Test
    void longListings() throws IOException {
        for (int i = 0; i < 3000; i++) {
            root.makeFile(b("a-name-of-some-length-" + i), 0600).close();
        }
        assertThat(root.list()).hasSize(3000);
    }

    private String run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .directory(temp.resolve("tree").toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
