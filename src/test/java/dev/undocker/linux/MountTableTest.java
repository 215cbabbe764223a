package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

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
}
