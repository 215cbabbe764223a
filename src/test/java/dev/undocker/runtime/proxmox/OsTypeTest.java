package dev.undocker.runtime.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.SmallRootfs;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `autodetect_type` of `PVE/LXC/Setup.pm`: the ID first, then files, then nothing.
class OsTypeTest {
    @ParameterizedTest
    @CsvSource({
        "etc/os-release, ID=alpine, alpine, true",
        "etc/os-release, ID=\"rocky\", unmanaged, false",
        "etc/os-release, ID=arch, archlinux, true",
        "etc/os-release, ID='opensuse-leap', opensuse, true",
        "usr/lib/os-release, ID=fedora, fedora, true",
        "etc/os-release, ID_LIKE=debian, unmanaged, false",
        "etc/lsb-release, DISTRIB_ID=Ubuntu, ubuntu, true",
        "etc/debian_version, 12.5, debian, true",
        "etc/redhat-release, x, centos, true",
        "etc/arch-release, x, archlinux, true",
        "bin/sh, x, unmanaged, true",
    })
    void isFound(String file, String content, String type, boolean detected) {
        SmallRootfs rootfs = new SmallRootfs().file(file, 0644, content + "\n");
        assertThat(OsType.of(rootfs)).isEqualTo(new OsType(type, detected));
    }

    @ParameterizedTest
    @CsvSource({"rocky, centos", "almalinux, centos", "centos, centos"})
    void relatedSystemsNeedTheirFiles(String id, String type) {
        SmallRootfs rootfs =
                new SmallRootfs()
                        .file("etc/os-release", 0644, "ID=" + id + "\n")
                        .file("etc/redhat-release", 0644, "release 9\n");
        assertThat(OsType.of(rootfs)).isEqualTo(new OsType(type, true));
    }
}
