package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.content.Limits;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a writer that was taken over could still do: each attempt is made in a process that has
/// given up what it does not need, on a thread that it started afterwards.
class ConfinementTest {
    @TempDir private Path directory;

    private Path inside;
    private Path outside;

    @BeforeEach
    void makePlaces() throws IOException {
        inside = Files.createDirectories(directory.resolve("inside"));
        outside = Files.createDirectories(directory.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "as it was");
        Files.writeString(outside.resolve("needed"), "");
        Files.writeString(inside.resolve("own"), "");
        Files.createDirectory(inside.resolve("other"));
    }

    private Map<String, String> attempts(String needs) throws Exception {
        Undocker.Result result =
                Undocker.program(
                                Path.of(System.getProperty("java.home"), "bin", "java"),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Intruder.class.getName(),
                                inside,
                                outside,
                                needs)
                        .succeed();
        Map<String, String> outcome = new TreeMap<>();
        result.text()
                .lines()
                .forEach(line -> outcome.put(line.split(": ", 2)[0], line.split(": ", 2)[1]));
        return outcome;
    }

    @Test
    void nothingElseCanBeWritten() throws Exception {
        Map<String, String> outcome = attempts("nothing");

        assertThat(outcome.get("in force"))
                .startsWith("no new privileges, ")
                .contains("capabilities dropped", "no programs and no connections");
        assertThat(outcome)
                .containsEntry("write inside", "done")
                .containsEntry("read inside", "done")
                .containsEntry("read what it needs", "done")
                .containsEntry("list inside", "done")
                .containsEntry("see a process", "done")
                .containsEntry("have a file made outside", "done")
                .containsEntry("move inside", "done")
                .containsEntry("link inside", "done")
                .containsEntry("start a program", "refused")
                .containsEntry("connect", "refused")
                .containsEntry("mount", "refused")
                .containsEntry("enter a root", "refused");
        assertThat(outcome.get("privileges")).isEqualTo("1");
        // of capabilities(7): 6, 7, 8, 12, 13, 16, 17, 18, 22, 23 and so on
        assertThat(Long.parseUnsignedLong(outcome.get("capabilities"), 16) & ~0x28b28001fL)
                .isZero();
        if (outcome.get("in force").contains("Landlock 1")
                || !outcome.get("in force").contains("writes only")) {
            return;
        }
        assertThat(outcome)
                .containsEntry("write outside", "refused")
                .containsEntry("read outside", "refused")
                .containsEntry("read through a link", "refused")
                .containsEntry("read passwords", "refused")
                .containsEntry("list outside", "refused")
                .containsEntry("list the root", "refused")
                .containsEntry("overwrite outside", "refused")
                .containsEntry("remove outside", "refused")
                .containsEntry("move outside", "refused")
                .containsEntry("link from outside", "refused")
                .containsEntry("write through a link", "refused");
        assertThat(outside.resolve("kept")).hasContent("as it was");
        assertThat(Files.list(outside)).hasSize(2);
    }

    @Test
    void programsCanBeLeft() throws Exception {
        Map<String, String> outcome = attempts("programs");

        assertThat(outcome)
                .containsEntry("start a program", "done")
                .containsEntry("read outside", "done")
                .containsEntry("mount", "refused");
    }

    /// A download looks up names of servers and goes to them, and reads nothing else.
    @Test
    void connectionsCanBeLeft() throws Exception {
        Map<String, String> outcome = attempts("connections");

        assertThat(outcome.get("in force")).endsWith(", no programs");
        assertThat(outcome)
                .containsEntry("look up a name", "done")
                .containsEntry("connect", "done")
                .containsEntry("start a program", "refused");
        if (outcome.get("in force").contains("writes only")) {
            assertThat(outcome)
                    .containsEntry("read outside", "refused")
                    .containsEntry("read passwords", "refused")
                    .containsEntry("write outside", "refused");
        }
    }

    /// The process.
    static final class Intruder {
        private static ServerSocket server;

        private interface Attempt {
            void make() throws Exception;
        }

        public static void main(String... args) throws Exception {
            Path inside = Path.of(args[0]);
            Path outside = Path.of(args[1]);
            Files.createSymbolicLink(inside.resolve("link"), outside);
            RunningProcess parent =
                    new RunningProcess(ProcessHandle.current().parent().orElseThrow().pid());
            server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            String inForce =
                    Confinement.enter(
                            new Confinement.Needs(
                                    List.of(inside.resolve("new")),
                                    List.of(),
                                    List.of(outside.resolve("needed")),
                                    args[2].equals("connections"),
                                    args[2].equals("programs")));
            System.out.println("in force: " + inForce);
            Thread thread = new Thread(() -> intrude(inside, outside, parent));
            thread.start();
            thread.join();
        }

        private static void intrude(Path inside, Path outside, RunningProcess parent) {
            attempt(
                    "see a process",
                    () -> {
                        if (Confinement.unconfined(parent::view).isEmpty()) {
                            throw new IOException("unseen");
                        }
                    });
            attempt("write inside", () -> Files.writeString(inside.resolve("new"), "x"));
            attempt(
                    "move inside",
                    () ->
                            Files.move(
                                    inside.resolve("new"),
                                    inside.resolve("other/new"),
                                    StandardCopyOption.ATOMIC_MOVE));
            attempt(
                    "link inside",
                    () -> Files.createLink(inside.resolve("again"), inside.resolve("other/new")));
            attempt("read inside", () -> Files.readString(inside.resolve("own")));
            attempt("list inside", () -> list(inside));
            attempt("read what it needs", () -> Files.readString(outside.resolve("needed")));
            attempt("read outside", () -> Files.readString(outside.resolve("kept")));
            attempt("read through a link", () -> Files.readString(inside.resolve("link/kept")));
            attempt("read passwords", () -> Files.readAllBytes(Path.of("/etc/shadow")));
            attempt("list outside", () -> list(outside));
            attempt("list the root", () -> list(Path.of("/")));
            attempt("write outside", () -> Files.writeString(outside.resolve("new"), "x"));
            attempt(
                    "write through a link",
                    () -> Files.writeString(inside.resolve("link/new"), "x"));
            attempt(
                    "overwrite outside",
                    () ->
                            FileChannel.open(outside.resolve("kept"), StandardOpenOption.WRITE)
                                    .close());
            attempt("remove outside", () -> Files.delete(outside.resolve("kept")));
            attempt(
                    "move outside",
                    () ->
                            Files.move(
                                    inside.resolve("own"),
                                    outside.resolve("own"),
                                    StandardCopyOption.ATOMIC_MOVE));
            attempt(
                    "link from outside",
                    () -> Files.createLink(inside.resolve("taken"), outside.resolve("kept")));
            attempt("start a program", () -> new ProcessBuilder("true").start().waitFor());
            attempt("look up a name", () -> InetAddress.getByName("localhost"));
            attempt("connect", () -> new Socket("127.0.0.1", server.getLocalPort()).close());
            attempt(
                    "have a file made outside",
                    () ->
                            new TemporaryFiles(outside, Limits.STANDARD, Confinement::unconfined)
                                    .spool(new ByteArrayInputStream(new byte[9]))
                                    .close());
            CallNumbers numbers = CallNumbers.of(System.getProperty("os.arch"));
            attempt("mount", () -> Syscall.ofThread().call(numbers.refused()[1], 0, 0, 0, 0));
            attempt(
                    "enter a root",
                    () ->
                            Syscall.ofThread()
                                    .call(
                                            numbers.refused()[4],
                                            Syscall.ofThread().first("/".getBytes()),
                                            0));
            attempt("privileges", () -> status("NoNewPrivs"));
            attempt("capabilities", () -> status("CapEff"));
        }

        private static void list(Path directory) throws IOException {
            try (DirectoryStream<Path> names = Files.newDirectoryStream(directory)) {
                names.iterator().hasNext();
            }
        }

        private static void status(String key) throws IOException {
            for (String line : Files.readAllLines(Path.of("/proc/thread-self/status"))) {
                if (line.startsWith(key + ":")) {
                    throw new IOException("=" + line.split(":")[1].strip());
                }
            }
        }

        private static void attempt(String what, Attempt attempt) {
            String outcome;
            try {
                attempt.make();
                outcome = "done";
            } catch (Exception e) {
                String message = String.valueOf(e.getMessage());
                outcome = message.startsWith("=") ? message.substring(1) : "refused";
            }
            System.out.println(what + ": " + outcome);
        }
    }
}
