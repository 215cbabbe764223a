package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.LinuxCalls;
import dev.undocker.rootfs.Xattr;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

class LinuxDirectorySinkTest extends DirectorySinkContract {
    @BeforeEach
    void needsSystemCalls() {
        Requirements.require(LinuxCalls.available(), "needs Linux on a known architecture");
    }

    @Override
    FileSystemCalls calls() {
        return new LinuxCalls();
    }

    @Override
    String callsName() {
        return "native";
    }

    @Override
    String expectedDevices(String time) {
        return """
        ./dev/null c 666 0:0 2%1$s
        ./dev/pipe p 622 0:0 1%1$s
        ./dev/sda b 660 0:6 1%1$s
        ./dev/zero c 666 0:0 2%1$s
        """
                .formatted(time);
    }

    @Test
    void attributesAndDeviceNumbersAsRoot() throws IOException {
        Requirements.root();
        Requirements.tools("getcap", "getfattr");
        Path tree = temp.resolve("tree");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(tree, sample);
        }
        assertThat(warnings).isEmpty();
        assertThat(run(tree, "getcap", "bin/ping")).contains("cap_net_raw=ep");
        assertThat(run(tree, "getfattr", "-d", "-m", "-", "-e", "hex", "home/me/marked", "home/me"))
                .contains("trusted.x=0x74")
                .contains("user.x=0x0075ff")
                .contains("user.note=0x646972");
        assertThat(run(tree, "stat", "-c", "%t:%T", "dev/null", "dev/sda")).isEqualTo("1:3\n8:0\n");
        assertThat(Integer.parseInt(run(tree, "stat", "-c", "%b", "sparse").strip()))
                .isLessThan(64);
    }

    /// One that no kernel takes, and one that ext4 calls "no space", where the directory is on it.
    @Test
    void anAttributeThatIsTooLargeIsNamed() throws IOException {
        Path tree = temp.resolve("tree");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            Xattr large = new Xattr(SampleTree.b("user.large"), new byte[70_000]);
            Xattr block = new Xattr(SampleTree.b("user.block"), new byte[60_000]);
            sample.file("a", 0644, 0, 0, "x", large);
            sample.file("b", 0644, 0, 0, "x", block);
            write(tree, sample);
        }
        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst())
                .containsPattern(
                        "not kept: [12] extended attributes, namely user\\.\\*, [12] of them for"
                                + " their size, such as a: user\\.large of 70000 bytes: ");
        assertThat(tree.resolve("b")).hasContent("x");
    }

    @Test
    void anAttributeThatIsTooLargeIsNamedInAFailure() {
        settings.rootless = "fail";
        assertThatThrownBy(
                        () -> {
                            try (SampleTree sample = SampleTree.ofEverything(temp)) {
                                Xattr large =
                                        new Xattr(SampleTree.b("user.large"), new byte[70_000]);
                                sample.file("a", 0644, 0, 0, "x", large);
                                write(temp.resolve("tree"), sample);
                            }
                        })
                .hasMessageStartingWith(
                        "a: cannot keep its extended attribute user.large of 70000 bytes: ");
    }

    @Test
    void idsInsideAttributesAreShifted() throws IOException {
        Requirements.root();
        Requirements.tools("getfacl", "getcap");
        settings.uidMap = List.of("0:100000:65536");
        settings.gidMap = List.of("0:200000:65536");
        Path tree = temp.resolve("tree");
        // u::rwx u:12:r-x g::r-x g:13:r-x m::r-x o::---
        byte[] acl =
                HexFormat.of()
                        .parseHex(
                                "02000000"
                                        + "01000700ffffffff"
                                        + "020005000c000000"
                                        + "04000500ffffffff"
                                        + "080005000d000000"
                                        + "10000500ffffffff"
                                        + "20000000ffffffff");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            sample.file(
                    "acl",
                    0750,
                    0,
                    0,
                    "x",
                    new Xattr(SampleTree.b("system.posix_acl_access"), acl));
            write(tree, sample);
        }
        assertThat(warnings).isEmpty();
        assertThat(run(tree, "getfacl", "-n", "acl")).contains("user:100012:", "group:200013:");
        assertThat(run(tree, "getcap", "-n", "bin/ping")).contains("rootid=100000");
    }

    @Test
    void aSetGroupIdMountPointHandsNothingDown() throws IOException {
        Path mount = mount("tmpfs", "mode=2775,gid=5");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            write(mount, sample);
            assertThat(run(mount, "stat", "-c", "%g %a", ".", "bin", "bin/ping"))
                    .isEqualTo("0 755\n0 755\n0 755\n");
        } finally {
            run(temp, "umount", mount.toString());
        }
    }

    @Test
    void aFailureGivesAMountPointItsModeBack() throws IOException {
        Path mount = mount("tmpfs", "mode=2775,gid=5");
        try (SampleTree sample = SampleTree.ofEverything(temp)) {
            try (DirectorySink sink = open(mount)) {
                accept(sink, sample);
                sink.finish();
            }
            assertThat(run(mount, "stat", "-c", "%g %a", ".")).isEqualTo("5 2775\n");
        } finally {
            run(temp, "umount", mount.toString());
        }
    }
}
