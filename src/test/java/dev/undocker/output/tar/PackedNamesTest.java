package dev.undocker.output.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A name that promises something else than a tar is refused, with what the user meant.
class PackedNamesTest {
    @ParameterizedTest
    @CsvSource({
        "out.gz, choose out.tar.gz",
        "a.b/out.XZ, choose a.b/out.tar.XZ",
        "out.zst, choose out.tar.zst",
        "out.wsl, undocker wsl makes it; here choose a name in .tar",
        "out.sqfs, undocker squashfs makes it; here choose a name in .tar",
        "out.erofs, undocker erofs makes it; here choose a name in .tar",
        "out.ext4, undocker ext4 makes it; here choose a name in .tar",
        "out.cpio, undocker cpio makes it; here choose a name in .tar",
        "out.rpm, choose a name in .tar",
        "out.oci, choose a name in .tar",
        "out.zip, choose a name in .tar",
    })
    void anotherFormatIsRefused(String name, String hint) {
        assertThatThrownBy(() -> PackedNames.TAR.refuseOther(name))
                .isInstanceOfSatisfying(
                        UndockerException.class,
                        e -> {
                            assertThat(e.sentence())
                                    .startsWith(name + ": .")
                                    .endsWith("is not the name of a format that is written here");
                            assertThat(e.hint())
                                    .startsWith(hint)
                                    .endsWith(", or say what it is with --compress");
                        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"out", "out.rootfs", "nginx-1.29", "wsl", "/dev/fd/3"})
    void otherNamesAreTars(String name) {
        assertThatCode(() -> PackedNames.TAR.refuseOther(name)).doesNotThrowAnyException();
    }
}
