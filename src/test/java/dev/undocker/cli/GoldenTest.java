package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;

/// What `ls`, `cat`, `explain` and `diff` print of the example, for people and for programs, to the
/// byte. To write the files again after a change: `./mvnw -Dquick test -Dtest=GoldenTest
/// -Dexamples.write=true`.
class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/dev/undocker/cli");

    @TempDir private Path directory;

    @ParameterizedTest
    @CsvSource({
        "ls-hello.txt,       0, ls -R --layer examples/hello.tar",
        "ls-hello.json,      0, ls -R --layer --json examples/hello.tar",
        "cat-hello.txt,      0, cat examples/hello.tar srv/today.txt etc/passwd",
        "explain-hello.txt,  0, explain examples/hello.tar srv/greeting.txt",
        "explain-hello.json, 0, explain --json examples/hello.tar srv/greeting.txt",
        "diff-hello.txt,     1, diff --times -r --config examples/hello.tar changed.tar",
        "diff-hello.json,    1, diff --times --config --json examples/hello.tar changed.tar"
    })
    void theExample(String name, int exitCode, String line) throws Exception {
        Path changed = ChangedHelloImage.write(directory.resolve("changed.tar"));
        Undocker.Result result =
                CommandLineRun.of(
                        (Object[]) line.replace("changed.tar", changed.toString()).split(" "));
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(exitCode);
        assertThat(result.errors()).isEmpty();
        if (Boolean.getBoolean("examples.write")) {
            Files.write(GOLDEN.resolve(name), result.output());
        }
        assertThat(result.text()).isEqualTo(Files.readString(GOLDEN.resolve(name)));
        if (name.endsWith(".json")) {
            String schema = name.substring(0, name.indexOf('-')) + ".json";
            result.text().lines().forEach(document -> JsonSchemas.check(schema, document));
        }
    }
}
