package dev.undocker.output.program;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.testing.Flatten;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What becomes of a program's end. The program is a shell's script that writes to `$1`.
@Timeout(60)
class ProgramSinkTest {
    /// More than a pipe and two slabs hold.
    private static final String LARGE = "x".repeat(8 << 20);

    @TempDir Path directory;

    private record Script(String text, long room) implements OutputWriter.Settings {
        Script(String text) {
            this(text, 0);
        }

        @Override
        public void declare(Options options) {}

        @Override
        public void validate(String destination) {}

        @Override
        public RootfsSink open(OutputRequest request) {
            FormatLimits limits =
                    new FormatLimits("it", Set.of(), Long.MIN_VALUE, Long.MAX_VALUE, true);
            return ProgramSink.open(
                    "maker",
                    file -> List.of("/bin/sh", "-c", text, "maker", file.toString()),
                    Map.of("WORD", "of ours"),
                    limits,
                    room,
                    request);
        }
    }

    private Path out() {
        return directory.resolve("out");
    }

    private void write(String script, String content) throws Exception {
        try (Flatten flatten = Flatten.of(layer().file("f", content))) {
            flatten.write(new Script(script), out().toString());
        }
    }

    @Test
    void itsFileTakesTheName() throws Exception {
        write("tar -t > \"$1\"", LARGE);
        assertThat(out()).hasContent("./\nf\n");
    }

    @Test
    void itsEnvironmentIsOursToo() throws Exception {
        write("cat > /dev/null; echo $WORD $LC_ALL > \"$1\"", "");
        assertThat(out()).hasContent("of ours C\n");
    }

    @Test
    void itsWordsAreTheReason() {
        assertFails("cat > /dev/null; echo first >&2; echo maker: no room >&2; exit 3", "no room");
        assertFails("echo half > \"$1\"; echo no room >&2; exit 3", "no room");
        assertFails("cat > /dev/null; exit 3", "failed with exit status 3");
        assertFails("kill -9 $$", "killed by signal 9");
        assertFails("kill -XFSZ $$", "File too large");
    }

    /// They are a part of a sentence, in which our temporary name means nothing to anybody.
    @Test
    void itsWordsFitIntoOurs() {
        assertFails("echo \"$1: writing: I/O error.\" >&2; exit 3", "writing: I/O error");
        assertFails("echo \"maker: cannot write $1\" >&2; exit 3", "cannot write " + out());
        assertFails("printf '<E> \\tnot so  good...\\n\\n' >&2; exit 3", "<E> not so good...");
        assertFails(
                "echo tar: f: no room >&2; echo tar: Exiting with failure status due to previous"
                        + " errors >&2; exit 2",
                "tar: f: no room");
    }

    /// It has not seen all, so it cannot be right.
    @Test
    void anEarlyEndIsAFailure() {
        assertThatThrownBy(() -> write("exec true", LARGE)).isInstanceOf(UndockerException.class);
        assertThat(directory).isEmptyDirectory();
    }

    /// There may be some who say nothing of a full disk.
    @Test
    void withoutRoomItIsNotStarted() throws Exception {
        Script script =
                new Script("touch '%s'".formatted(directory.resolve("started")), Long.MAX_VALUE);
        try (Flatten flatten = Flatten.of(layer().file("f", ""))) {
            assertThatThrownBy(() -> flatten.write(script, out().toString()))
                    .isInstanceOf(UndockerException.class)
                    .hasMessageStartingWith(out() + ": not enough space: " + Long.MAX_VALUE);
        }
        assertThat(directory).isEmptyDirectory();
    }

    private void assertFails(String script, String reason) {
        for (String content : List.of("", LARGE)) {
            assertThatThrownBy(() -> write(script, content))
                    .isInstanceOf(UndockerException.class)
                    .hasMessage("%s: maker: %s", out(), reason);
            assertThat(directory).isEmptyDirectory();
        }
    }

    /// Another thread closes while the tar's one waits for the pipe.
    @Test
    void closingEndsIt(@TempDir Path elsewhere) throws Exception {
        Path pid = elsewhere.resolve("pid");
        String script = "echo $$ > '%s'; exec sleep 1000".formatted(pid);
        try (Flatten flatten = Flatten.of(layer().file("f", LARGE))) {
            RootfsSink sink = flatten.open(new Script(script), out().toString());
            for (RootfsEntry entry : flatten.entries()) {
                sink.accept(entry);
                break;
            }
            while (!Files.exists(pid) || Files.size(pid) == 0) {
                Thread.sleep(5);
            }
            sink.close();
        }
        long id = Long.parseLong(Files.readString(pid).strip());
        while (ProcessHandle.of(id).map(ProcessHandle::isAlive).orElse(false)) {
            Thread.sleep(5);
        }
        assertThat(directory).isEmptyDirectory();
    }

    /// fakeroot ends its daemon when its command has ended, and would not if it was killed first.
    @Test
    void aScriptEndsWhatItKeeps(@TempDir Path elsewhere) throws Exception {
        Path daemon = elsewhere.resolve("daemon");
        String script = "trap \"rm '%s'\" EXIT; touch '%1$s'; sleep 1000; true".formatted(daemon);
        try (Flatten flatten = Flatten.of(layer().file("f", ""))) {
            RootfsSink sink = flatten.open(new Script(script), out().toString());
            while (!Files.exists(daemon)) {
                Thread.sleep(5);
            }
            // the shell goes on to its command
            Thread.sleep(200);
            sink.close();
        }
        assertThat(daemon).doesNotExist();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatIsMissingIsNamedWithItsPackage() {
        Program none = new Program("no-such-program", "no-such-package");
        assertThatThrownBy(none::require)
                .isInstanceOfSatisfying(
                        UndockerException.class,
                        e -> {
                            assertThat(e.sentence())
                                    .isEqualTo("no-such-program: no such program here");
                            assertThat(e.hint()).endsWith("sudo apt install no-such-package");
                        });
    }
}
