package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/// Programs are started in a process of its own that may open few files.
@Timeout(60)
class ProgramStartTest {
    private static final int MOST = 24;

    @Test
    void fewOpenFiles() throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        Undocker.Result result =
                Undocker.program(
                                Path.of("/bin/sh"),
                                "-c",
                                "ulimit -n 400; exec \"$@\"",
                                "sh",
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ProgramStartTest.class.getName())
                        .run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.text().lines())
                .hasSize(MOST + 1)
                .contains("started", "it: cannot be started: Too many open files")
                .allMatch(line -> line.equals("started") || line.endsWith("Too many open files"));
    }

    /// Starts a program with each number of files that can still be opened, and looks whether all
    /// others stay open.
    public static void main(String... none) throws Exception {
        // all classes are there then
        start();
        Deque<FileChannel> opened = new ArrayDeque<>();
        for (int free = 0; free <= MOST; free++) {
            fill(opened);
            for (int i = 0; i < free; i++) {
                opened.pop().close();
            }
            System.out.println(start());
            for (FileChannel file : opened) {
                // fails for what somebody else has closed
                file.read(ByteBuffer.allocate(1));
            }
            if (System.in.available() < 0) {
                throw new IOException("no standard input");
            }
        }
    }

    private static void fill(Deque<FileChannel> opened) {
        try {
            while (true) {
                opened.push(FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ));
            }
        } catch (IOException full) {
            // as it is to be
        }
    }

    private static String start() throws Exception {
        try {
            Process process = ProgramStart.of("it", new ProcessBuilder("true"));
            int status = process.waitFor();
            process.getInputStream().close();
            process.getErrorStream().close();
            process.getOutputStream().close();
            return status == 0 ? "started" : "failed";
        } catch (UndockerException e) {
            return e.sentence();
        }
    }
}
