package dev.undocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

class VolumesTest {
    private final Example example = new Example();

    private List<String> mountPoints(VolumePolicy policy) {
        return example.volumes(policy).all().stream().map(Volume::mountPoint).toList();
    }

    @Test
    void eachComesOnceAndParentsFirst() {
        example.volumes = List.of("/data/sub", "/data", "data/", "/./x/../data/", "/a b");
        assertThat(mountPoints(new VolumePolicy.Tmpfs()))
                .containsExactly("/a b", "/data", "/data/sub");
        assertThat(example.warnings).isEmpty();
    }

    /// A runtime that mounts on the path itself would refuse the link, or follow it on the host.
    @Test
    void theyLieWhereTheImagesLinksLead() {
        example.rootfs.symlink("var/run", "../../run").symlink("abs", "/srv/./deep");
        example.volumes = List.of("/var/run/app", "/run/app", "/abs/x");
        assertThat(mountPoints(new VolumePolicy.Tmpfs()))
                .containsExactly("/run/app", "/srv/deep/x");
    }

    @Test
    void metadataIsThatOfTheImagesDirectory() {
        Metadata owned = new Metadata(01770, 70, 71, 5, 0, List.of());
        example.rootfs.inode("data", new Inode.Directory(owned)).symlink("link", "data");
        example.volumes = List.of("/link", "/missing");
        assertThat(example.volumes(new VolumePolicy.Directory()).all())
                .extracting(Volume::metadata)
                .containsExactly(owned, Metadata.IMPLIED_DIRECTORY);
    }

    @Test
    void whereNoneCanBeIsSaid() {
        example.rootfs
                .file("etc/passwd", 0644, "")
                .symlink("devices", "/dev")
                .symlink("loop", "loop");
        example.volumes =
                List.of("/proc", "/sys/fs/cgroup", "/devices/x", "/etc/passwd", "/loop", "/nul\0");
        assertThat(mountPoints(new VolumePolicy.Directory())).isEmpty();
        assertThat(example.warnings)
                .hasSize(6)
                .startsWith(
                        "volume /proc: not made: the kernel's own files are there",
                        "volume /sys/fs/cgroup: not made: the kernel's own files are there",
                        "volume /devices/x: not made: the kernel's own files are there",
                        "volume /etc/passwd: not made: something else is in the way in the image");
    }

    @Test
    void whatNeedsNoMountIsNoLoss() {
        example.rootfs.inode(
                "link",
                new Inode.Symlink(
                        new Metadata(0777, 0, 0, 0, 0, List.of()),
                        "\u00ff".getBytes(StandardCharsets.ISO_8859_1)));
        example.volumes = List.of("/", "/link");
        assertThat(example.volumes(new VolumePolicy.Directory()).all()).hasSize(1);
        assertThat(example.warnings).isEmpty();
        assertThat(example.volumes(new VolumePolicy.Tmpfs()).all()).isEmpty();
        assertThat(example.warnings)
                .containsExactly(
                        "volume /: not mounted: it is the root",
                        "volume /link: not mounted: its path is not UTF-8");
    }

    @Test
    void policiesAreParsed() {
        assertThat(VolumePolicy.parse("dir")).isEqualTo(new VolumePolicy.Directory());
        assertThat(VolumePolicy.parse("tmpfs")).isEqualTo(new VolumePolicy.Tmpfs());
        assertThat(VolumePolicy.parse("bind:/a/./b/../c/"))
                .isEqualTo(new VolumePolicy.Bind("/a/c"));
        assertThat(
                        new VolumePolicy.Bind("/")
                                .source(
                                        new Volume(
                                                "/data",
                                                RootfsPath.of("data"),
                                                Metadata.IMPLIED_DIRECTORY,
                                                false)))
                .isEqualTo("/data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "Dir", "bind", "bind:", "bind:srv", "bind:./srv"})
    void otherPoliciesAreUsageErrors(String text) {
        assertThatThrownBy(() -> VolumePolicy.parse(text))
                .isInstanceOfSatisfying(
                        UndockerException.class, e -> assertThat(e.isUsage()).isTrue());
    }
}
