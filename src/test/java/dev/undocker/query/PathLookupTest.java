package dev.undocker.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.testing.SmallRootfs;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathLookupTest {
    private static final SmallRootfs TREE =
            new SmallRootfs()
                    .file("usr/bin/tool", 0755, "")
                    .file("etc/passwd", 0644, "")
                    .symlink("bin", "usr/bin")
                    .symlink("usr/absolute", "/etc")
                    .symlink("dangling", "nowhere")
                    .symlink("loop", "loop");

    private static final PathLookup LOOKUP = new PathLookup(TREE);

    @ParameterizedTest
    @CsvSource({
        "/, /, /",
        "., /, /",
        "../../etc, etc, etc",
        "/etc//passwd, etc/passwd, etc/passwd",
        "bin, bin, usr/bin",
        "bin/, usr/bin, usr/bin",
        "bin/., usr/bin, usr/bin",
        // as the kernel goes: from where the link has led to
        "bin/.., usr, usr",
        "bin/../absolute, usr/absolute, etc",
        "bin/tool, usr/bin/tool, usr/bin/tool",
        "usr/absolute/passwd, etc/passwd, etc/passwd",
    })
    void pathsLeadWhereTheKernelGoes(String wanted, String stays, String followed) {
        assertThat(LOOKUP.stay(wanted.getBytes(UTF_8)).path()).hasToString(stays);
        assertThat(LOOKUP.follow(wanted.getBytes(UTF_8)).path()).hasToString(followed);
    }

    @ParameterizedTest
    @CsvSource({
        "nowhere, no such file or directory",
        "nowhere/../etc, no such file or directory",
        "dangling/, no such file or directory",
        "loop/, too many levels of symbolic links",
        "loop/x, too many levels of symbolic links",
        "etc/passwd/, not a directory",
        "etc/passwd/x, not a directory",
        "etc/passwd/.., not a directory",
        "etc/passwd/., not a directory",
    })
    void whatIsNotThereIsToldInTheKernelsWords(String wanted, String why) {
        assertThatThrownBy(() -> LOOKUP.stay(wanted.getBytes(UTF_8)))
                .isInstanceOf(UndockerException.class)
                .hasMessage(wanted + ": " + why);
        assertThatThrownBy(() -> LOOKUP.follow(wanted.getBytes(UTF_8)))
                .hasMessage(wanted + ": " + why);
    }

    @ParameterizedTest
    @CsvSource({"dangling, no such file or directory", "loop, too many levels of symbolic links"})
    void aLinkStandsWhereverItLeads(String wanted, String why) {
        assertThat(LOOKUP.stay(wanted.getBytes(UTF_8)).path()).hasToString(wanted);
        assertThatThrownBy(() -> LOOKUP.follow(wanted.getBytes(UTF_8)))
                .hasMessage(wanted + ": " + why);
    }
}
