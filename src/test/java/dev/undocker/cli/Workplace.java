package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Undocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where conversions are tried that must fail: a directory for outputs, one of which is there from
/// an earlier time, and a directory for temporary files.
///
/// @param outputs holds nothing but `older.tar`
record Workplace(Path outputs, Path temporary) {
    private static final String OLDER = "older";

    static Workplace in(Path directory) throws IOException {
        Workplace place =
                new Workplace(
                        Files.createDirectory(directory.resolve("outputs")),
                        Files.createDirectory(directory.resolve("temporary")));
        Files.writeString(place.older(), OLDER);
        return place;
    }

    Path older() {
        return outputs.resolve("older.tar");
    }

    Path fresh() {
        return outputs.resolve("fresh.tar");
    }

    /// Converts inside this process, to the older and to a new name; both must fail alike.
    ///
    /// @return what the user reads
    Refusal refusal(Object... options) throws IOException {
        Refusal toOlder = refusal(CommandLineRun.of(arguments(older(), options)));
        assertThat(refusal(CommandLineRun.of(arguments(fresh(), options)))).isEqualTo(toOlder);
        return toOlder;
    }

    /// The arguments of a conversion to `out`.
    ///
    /// @param options the last of them is the image
    Object[] arguments(Path out, Object... options) {
        return Stream.of(
                        Stream.of("rootfs", "--temp-dir", temporary),
                        Stream.of(options),
                        Stream.of(out))
                .flatMap(each -> each)
                .toArray();
    }

    /// What a failed conversion says; asserts that it left nothing.
    Refusal refusal(Undocker.Result result) throws IOException {
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);
        assertThat(result.output()).isEmpty();
        assertUntouched();
        return Refusal.of(result.errors());
    }

    void assertUntouched() throws IOException {
        assertThat(older()).hasContent(OLDER);
        assertThat(names(outputs)).containsExactly("older.tar");
        assertThat(names(temporary)).isEmpty();
    }

    static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// One sentence, and a hint or the empty string.
    record Refusal(String sentence, String hint) {
        /// The same where the image has also been warned of.
        static Refusal afterWarnings(String errors) {
            return of(errors.replaceAll("(?m)^undocker: warning: .*\n", ""));
        }

        static Refusal of(String errors) {
            List<String> lines = errors.lines().toList();
            assertThat(lines).as(errors).hasSizeBetween(1, 2);
            assertThat(lines.getFirst())
                    .startsWith("undocker: ")
                    .doesNotContain("internal error", "Exception")
                    .doesNotEndWith(".");
            assertThat(errors).endsWith("\n");
            if (lines.size() == 2) {
                assertThat(lines.get(1)).startsWith("hint: ");
            }
            return new Refusal(
                    lines.getFirst().substring("undocker: ".length()),
                    lines.size() == 1 ? "" : lines.get(1).substring("hint: ".length()));
        }
    }
}
