package dev.undocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/// What a runtime with a `/run` of its own hides.
class HiddenTreeTest {
    private static final RuntimeMounts MOUNTS = new RuntimeMounts("box", List.of("/run"));

    private final Example example = new Example();
    private VolumePolicy policy = new VolumePolicy.Directory();

    private HiddenTree hidden(String... options) {
        return HiddenTree.of(
                MOUNTS, example.process(options), example.volumes(policy), example.rootfs);
    }

    private List<String> directories(String... options) {
        return hidden(options).directories().stream()
                .map(directory ->
                        "%s %o %d:%d"
                                .formatted(
                                        directory.path(),
                                        directory.metadata().mode(),
                                        directory.metadata().uid(),
                                        directory.metadata().gid()))
                .toList();
    }

    private List<String> missed(boolean made, String... options) {
        List<String> said = new ArrayList<>();
        hidden(options).warn(made, said::add);
        return said;
    }

    private void directory(String path, int mode, long uid, long gid) {
        Metadata metadata = new Metadata(mode, uid, gid, 0, 0, List.of());
        example.rootfs.inode(path, new Inode.Directory(metadata));
    }

    @Test
    void nothingIsHiddenOfAnOrdinaryImage() {
        example.rootfs.file("etc/passwd", 0644, "x").file("running", 0644, "");
        directory("run", 0755, 0, 0);
        assertThat(directories()).isEmpty();
        assertThat(missed(false)).isEmpty();
    }

    @Test
    void directoriesCanBeMadeAnewWithOwnerAndMode() {
        directory("run/postgresql", 02775, 999, 998);
        directory("run/postgresql/deep", 0700, 1, 2);
        assertThat(directories())
                .containsExactly("run/postgresql 2775 999:998", "run/postgresql/deep 700 1:2");
        assertThat(missed(true)).isEmpty();
        assertThat(missed(false))
                .containsExactly(
                        "/run: box mounts over it and hides 2 directories such as"
                                + " /run/postgresql");
    }

    @Test
    void directoriesThatTheProcessNeedsAreAmongThem() {
        directory("run/app", 0711, 5, 5);
        example.rootfs.symlink("var/run", "../run");
        example.volumes = List.of("/var/run/data", "/srv", "bad\0name");
        assertThat(directories("--workdir", "/var/run/app/work"))
                .containsExactly("run/app 711 5:5", "run/app/work 755 0:0", "run/data 755 0:0");
        assertThat(missed(false, "--workdir", "/var/run/app/work"))
                .singleElement()
                .asString()
                .contains("the working directory /var/run/app/work, the volume /var/run/data, 3 ");
    }

    /// A launcher would make directories in a volume that the user has emptied.
    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "bind:/srv"})
    void whatIsMountedLaterIsNotHidden(String volumes) {
        policy = VolumePolicy.parse(volumes);
        directory("run/data/deep", 0700, 1, 2);
        directory("run/database", 0700, 1, 2);
        example.rootfs.file("run/data/deep/file", 0644, "x").symlink("var/run", "../run");
        example.volumes = List.of("/var/run/data");
        assertThat(directories()).containsExactly("run/database 700 1:2");
        assertThat(missed(true)).isEmpty();
    }

    @Test
    void whatNobodyCanMakeIsNamed() {
        example.rootfs
                .file("run/bin/app", 0755, "x")
                .file("run/other", 0644, "")
                .symlink("usr/bin/app", "/run/link")
                .symlink("run/link", "bin/app")
                .symlink("run/work", "/srv");
        example.entrypoint = List.of("/usr/bin/app");
        assertThat(missed(true, "--workdir", "/run/work"))
                .containsExactly(
                        "/run: box mounts over it and hides the program /usr/bin/app, the working"
                                + " directory /run/work, 4 files such as /run/bin/app");
    }

    @Test
    void linkThroughTheMountHidesTheProgramBehindIt() {
        example.rootfs.symlink("run/app", "/bin/app");
        assertThat(missed(true, "--entrypoint", "/run/app"))
                .containsExactly(
                        "/run: box mounts over it and hides the program /run/app, the file"
                                + " /run/app");
    }

    @Test
    void mountsFollowTheImagesLinks() {
        example.rootfs.symlink("run", "/var/run");
        directory("var/run/app", 0700, 1, 1);
        assertThat(directories()).containsExactly("var/run/app 700 1:1");
    }

    @Test
    void ofTheKernelsPlacesOnlyContentIsMissed() {
        example.rootfs.file("dev/console", 0600, "").symlink("dev/fd", "/proc/self/fd");
        directory("dev/pts", 0755, 0, 0);
        example.volumes = List.of("/dev/shm");
        assertThat(directories()).isEmpty();
        assertThat(missed(false)).isEmpty();
        example.rootfs.file("dev/data", 0644, "x");
        assertThat(missed(true))
                .containsExactly("/dev: box mounts over it and hides the file /dev/data");
    }

    @Test
    void leftoversDoNotSwellALauncher() {
        for (int i = 0; i < 1000; i++) {
            directory("run/leftover%04d".formatted(i), 0755, 0, 0);
        }
        List<String> directories = directories("--workdir", "/run/work");
        assertThat(directories).hasSize(200).startsWith("run/work 755 0:0");
        assertThat(missed(true, "--workdir", "/run/work"))
                .containsExactly(
                        "/run: box mounts over it and hides 801 directories such as"
                                + " /run/leftover0199");
    }

    @Test
    void namesOfTheImageStayPrintable() {
        example.rootfs.file("run/\u001b[2J", 0644, "x");
        assertThat(missed(false)).singleElement().asString().endsWith("/run/\\x1b[2J");
    }
}
