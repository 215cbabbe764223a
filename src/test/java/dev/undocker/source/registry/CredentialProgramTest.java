package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class CredentialProgramTest {
    @TempDir Path directory;

    private final List<String> warnings = new ArrayList<>();

    @Test
    void isAskedAsDockerAsksIt() throws IOException {
        Path asked = directory.resolve("asked");
        Path arguments = directory.resolve("arguments");

        assertThat(
                        get(
                                "cat > %s; echo \"$@\" > %s".formatted(asked, arguments),
                                "echo '{\"Username\": \"u\", \"Secret\": \"s:1\"}'"))
                .isEqualTo(new Credentials.Basic("u", "s:1"));
        assertThat(asked).hasContent("quay.io");
        assertThat(Files.size(asked)).isEqualTo("quay.io".length());
        assertThat(arguments).hasContent("get");
    }

    @Test
    void aUserWithoutANameHasAToken() throws IOException {
        assertThat(get("echo '{\"Username\": \"<token>\", \"Secret\": \"s\"}'"))
                .isEqualTo(new Credentials.IdentityToken("s"));
    }

    @Test
    void nothingIsNothing() throws IOException {
        assertThat(get("echo '{\"ServerURL\": \"x\", \"Username\": \"\", \"Secret\": \"\"}'"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " >&2"})
    void whatIsNotKeptIsNoFailure(String where) throws IOException {
        assertThat(get("echo 'credentials not found in native keychain'" + where, "exit 1"))
                .isNull();
    }

    /// The answer counts, whatever is said beside it.
    @Test
    void mayComplainAtLength() throws IOException {
        assertThat(
                        get(
                                "head -c 9000000 /dev/zero >&2",
                                "echo '{\"Username\": \"u\", \"Secret\": \"s\"}'"))
                .isEqualTo(new Credentials.Basic("u", "s"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo hunter2 >&2; exit 1",
                "echo hunter2; exit 3",
                "echo '{\"Secret\": hunter2}'",
                "echo '{\"Secret\": [\"hunter2\"]}'",
                "echo '[\"hunter2\"]'",
                "echo hunter2",
                "head -c 9000000 /dev/zero | tr '\\0' ' '; echo hunter2",
                "exit 0",
                "kill -9 $$",
            })
    void aFailureQuotesNothing(String script) throws IOException {
        UndockerException failure =
                catchThrowableOfType(UndockerException.class, () -> get(script));

        assertThat(failure.sentence()).startsWith(program() + ": ");
        assertThat(stackTrace(failure)).doesNotContain("hunter2");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFailureSaysHowToSeeMore() throws IOException {
        UndockerException failure =
                catchThrowableOfType(UndockerException.class, () -> get("exit 7"));

        assertThat(failure.sentence()).isEqualTo(program() + ": failed with exit status 7");
        assertThat(failure.hint())
                .isEqualTo("see what it says: printf quay.io | " + program() + " get");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 100",
                "exec sleep 100",
                // Ends, but somebody else keeps its output open; once nobody reads yet, Java would
                // take that for the end.
                "sleep 10 & sleep 0.5; exit 0",
                "while echo y; do :; done"
            })
    void isNotWaitedForForever(String script) throws IOException {
        write(script);
        CredentialProgram program =
                new CredentialProgram(program(), Duration.ofSeconds(1), warnings::add);

        UndockerException failure =
                catchThrowableOfType(UndockerException.class, () -> program.get("quay.io"));

        assertThat(failure.sentence()).isEqualTo(program() + ": no answer within 1 s");
    }

    @Test
    void whatIsNoProgramIsSaid() throws IOException {
        Files.writeString(program(), "#!/does/not/exist\n");
        executable();

        UndockerException failure = catchThrowableOfType(UndockerException.class, this::get);

        assertThat(failure.sentence()).isEqualTo(program() + ": cannot be started");
    }

    private Credentials get(String... lines) throws IOException {
        if (lines.length > 0) {
            write(lines);
        }
        return new CredentialProgram(program(), Duration.ofSeconds(60), warnings::add)
                .get("quay.io");
    }

    private void write(String... lines) throws IOException {
        Files.writeString(program(), "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        executable();
    }

    private void executable() throws IOException {
        Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwx------"));
    }

    private Path program() {
        return directory.resolve("docker-credential-test");
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
