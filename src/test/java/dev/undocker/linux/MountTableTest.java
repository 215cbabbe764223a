package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.linux.MountTable.Use;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Optional;

class MountTableTest {
    private static final MountTable TABLE =
            MountTable.parse(
                    """
                    21 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda rw
                    22 21 0:20 / /mnt/my\\040disk rw,nodev shared:2 - tmpfs tmpfs rw
                    23 21 0:21 / /srv ro - tmpfs tmpfs rw
                    24 23 0:22 / /srv rw,nodev - tmpfs tmpfs rw
                    """);

    @Test
    void mountPointsAreExact() {
        assertThat(TABLE.isMountPoint(Path.of("/mnt/my disk"))).isTrue();
        assertThat(TABLE.isMountPoint(Path.of("/mnt/my disk/x"))).isFalse();
        assertThat(TABLE.isMountPoint(Path.of("/mnt"))).isFalse();
    }

    @Test
    void theNearestAndLatestMountDecides() {
        assertThat(TABLE.hasOption(Path.of("/mnt/my disk/a/b"), "nodev")).isTrue();
        assertThat(TABLE.hasOption(Path.of("/mnt/my disks"), "nodev")).isFalse();
        assertThat(TABLE.hasOption(Path.of("/srv/x"), "nodev")).isTrue();
        assertThat(TABLE.hasOption(Path.of("/srv/x"), "ro")).isFalse();
    }

    /// The places of `/srv/web` in tables of other namespaces.
    @Test
    void whatDependsOnATree() {
        MountTable host = MountTable.parse("21 1 254:1 /@ / rw - btrfs /dev/vda rw,subvol=/@\n");
        MountTable.Tree web = host.tree(Path.of("/srv/web")).orElseThrow();
        assertThat(host.use(web)).isEmpty();
        assertThat(use(web, "31 30 254:1 /@/srv/web / rw - btrfs /dev/vda rw"))
                .contains(new Use.Source("/"));
        assertThat(use(web, "31 30 254:1 /@/srv/web/data\\040x /m\\303\\274 rw - btrfs x rw"))
                .contains(new Use.Source("/mü"));
        assertThat(
                        use(
                                web,
                                "31 30 254:1 /@/srv/web2 / rw - btrfs x rw",
                                "32 31 254:2 /@/srv/web /srv rw - btrfs x rw",
                                "33 32 0:9 / /srv/web rw - tmpfs x rw"))
                .isEmpty();
        assertThat(
                        use(
                                web,
                                "31 30 254:1 /@/srv /elsewhere rw - btrfs x rw",
                                "32 31 0:9 / /elsewhere/web/in rw - tmpfs x rw"))
                .contains(new Use.Cover("/elsewhere/web/in"));
        assertThat(use(web, "31 30 0:9 / / rw - overlay x rw,lowerdir=/a:/srv/web,upperdir=/b"))
                .contains(new Use.Source("/"));
        assertThat(use(web, "31 30 0:9 / / rw - overlay x rw,lowerdir=/a:/srv/web2")).isEmpty();
    }

    private static Optional<Use> use(MountTable.Tree tree, String... lines) {
        return MountTable.parse(String.join("\n", lines)).use(tree);
    }
}
