package dev.undocker.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.stream.Stream;

class PathFilterTest {
    private static List<byte[]> patterns(String... patterns) {
        return Stream.of(patterns).map(pattern -> pattern.getBytes(UTF_8)).toList();
    }

    private static boolean matches(String pattern, RootfsPath path) {
        return matches(patterns(pattern), path);
    }

    private static boolean matches(List<byte[]> pattern, RootfsPath path) {
        boolean included = new PathFilter(pattern, List.of()).test(path);
        assertThat(new PathFilter(List.of(), pattern).test(path)).isEqualTo(!included);
        return included;
    }

    @ParameterizedTest
    @CsvSource({
        "etc, etc",
        "/etc/, etc",
        "./etc, etc",
        "etc, etc/ssl/certs",
        "etc/*, etc/hosts",
        "etc/*, etc/ssl/certs",
        "*/hosts, etc/hosts",
        "**/hosts, hosts",
        "**/hosts, a/b/hosts",
        "a/**/z, a/z",
        "a/**/z, a/b/c/z",
        "a/**, a/b/c",
        "a**z, a/b/z",
        "usr/lib?, usr/lib6",
        "usr/lib?, usr/libü",
        "[a-c]x, bx",
        "[!a-c]x, dx",
        "[^a-c]x, dx",
        "[!a-c]x, üx",
        "[]]x, ]x",
        "[[]x, [x",
        "[a&&b]x, &x",
        "[\\]x, \\x",
        "\\*, *",
        "a.b, a.b",
        "a+(b)|{c}$^, a+(b)|{c}$^",
        "x\\Ey, xEy",
        "ü/ß, ü/ß"
    })
    void matching(String pattern, String path) {
        assertThat(matches(pattern, RootfsPath.of(path))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "etc, etcetera",
        "etc, usr/etc",
        "etc/*, etc",
        "*/hosts, hosts",
        "*/hosts, a/b/hosts",
        "**/hosts, a/myhosts",
        "usr/lib?, usr/lib",
        "usr/lib?, usr/lib/",
        "[a-c]x, dx",
        "[!a-c]x, ax",
        "a[!b]c, a/c",
        "a[.-0]c, a/c",
        "\\*, x",
        "a.b, axb",
        "ETC, etc"
    })
    void notMatching(String pattern, String path) {
        assertThat(matches(pattern, RootfsPath.of(path))).isFalse();
    }

    @Test
    void pathsAreBytes() {
        RootfsPath path = RootfsPath.of("a/\u00ff\u00fe".getBytes(ISO_8859_1));
        assertThat(matches("a/*", path)).isTrue();
        assertThat(matches("a/*x", path)).isFalse();
        assertThat(matches("**", RootfsPath.of("line\nbreak"))).isTrue();
        assertThat(matches(List.of("a/\u00ff*".getBytes(ISO_8859_1)), path)).isTrue();
        assertThat(matches(List.of("a/\u00ff".getBytes(ISO_8859_1)), path)).isFalse();
    }

    @Test
    void exclusionWins() {
        PathFilter filter = new PathFilter(patterns("usr", "etc"), patterns("usr/share"));
        assertThat(filter.test(RootfsPath.of("usr/bin/x"))).isTrue();
        assertThat(filter.test(RootfsPath.of("etc"))).isTrue();
        assertThat(filter.test(RootfsPath.of("usr/share/doc"))).isFalse();
        assertThat(filter.test(RootfsPath.of("var"))).isFalse();
        assertThat(new PathFilter(List.of(), List.of()).test(RootfsPath.of("var"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[ü]", "[a", "[", "[z-a]", "../x"})
    void malformedPatternsAreUsageErrors(String pattern) {
        UndockerException e =
                catchThrowableOfType(
                        UndockerException.class,
                        () -> new PathFilter(patterns(pattern), List.of()));
        assertThat(e.isUsage()).isTrue();
        assertThat(e).hasMessageStartingWith("pattern " + pattern + ": ");
    }
}
