package dev.undocker.output.program;

import dev.undocker.Complaint;
import dev.undocker.ProgramStart;
import dev.undocker.UndockerException;
import dev.undocker.output.FileDestination;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program that runs for an output and reads its standard input, which this channel is. When this
/// process is killed, the program finds the end of its input. One thread writes and waits;
/// [#close()] may be called by another.
final class RunningProgram implements WritableByteChannel {
    private static final int PIECE = 64 << 10;

    /// What is killed is gone at once, unless a disk holds it.
    private static final int PATIENCE_SECONDS = 5;

    /// What a shell adds to the number of the signal that ended a program.
    private static final int SIGNALLED = 128;

    /// The signal for a file that grows beyond the limit of its process (`SIGXFSZ`).
    private static final int TOO_LARGE = 25;

    private final FileDestination output;
    private final String name;
    private final Process process;
    private final OutputStream input;
    private final Complaint complaint;
    private final byte[] piece = new byte[PIECE];
    private volatile boolean closed;

    private RunningProgram(FileDestination output, String name, Process process) {
        this.output = output;
        this.name = name;
        this.process = process;
        input = process.getOutputStream();
        complaint = new Complaint(process);
    }

    /// @param output what it makes
    /// @param name of the program, for messages
    /// @param environment what is added to this process' own
    /// @throws UndockerException when it cannot be started
    static RunningProgram start(
            FileDestination output,
            String name,
            List<String> command,
            Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // its words become part of a sentence
        builder.environment().put("LC_ALL", "C");
        builder.environment().putAll(environment);
        String what = "%s: %s".formatted(output.name(), name);
        try {
            return new RunningProgram(
                    output,
                    name,
                    ProgramStart.of(what, builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)));
        } catch (IOException e) {
            throw UndockerException.because(what + ": cannot be started", e);
        }
    }

    /// @throws UndockerException with the program's own words when it has ended already
    @Override
    public int write(ByteBuffer data) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        int length = data.remaining();
        try {
            while (data.hasRemaining()) {
                int count = Math.min(PIECE, data.remaining());
                data.get(piece, 0, count);
                input.write(piece, 0, count);
            }
        } catch (IOException gone) {
            requireOpen();
            throw failure(await());
        }
        return length;
    }

    /// Ends its input and waits until it is done.
    ///
    /// @throws UndockerException with the program's own words when it failed
    void finish() throws IOException {
        boolean told = true;
        try {
            input.close();
        } catch (IOException gone) {
            told = false;
        }
        int status = await();
        requireOpen();
        if (status != 0 || !told) {
            throw failure(status);
        }
    }

    /// False once it has ended.
    boolean isRunning() {
        return process.isAlive();
    }

    private void requireOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    private int await() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UndockerException("interrupted", e);
        }
    }

    private UndockerException failure(int status) {
        String what = "%s: %s".formatted(output.name(), name);
        if (status == SIGNALLED + TOO_LARGE) {
            return new UndockerException(what + ": File too large")
                    .withHint("allow larger files with: ulimit -f unlimited");
        }
        if (status > SIGNALLED) {
            return new UndockerException(
                    "%s: killed by signal %d".formatted(what, status - SIGNALLED));
        }
        try {
            output.requireWritable();
        } catch (ClosedChannelException e) {
            // another thread has no more need of it
        } catch (IOException e) {
            // a program's own words for that may be anything
            return UndockerException.because(what, e);
        }
        try {
            String said = sentence(complaint.lastLine());
            return new UndockerException(
                    said.isEmpty()
                            ? "%s: failed with exit status %d".formatted(what, status)
                            : what + ": " + said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new UndockerException("interrupted", e);
        }
    }

    /// Without what the message begins with, and without our temporary name.
    private String sentence(String line) {
        String said = withoutPrefix(line, name + ": ");
        String file = output.unfinished().toString();
        return withoutPrefix(said, file + ": ").replace(file, output.name());
    }

    private static String withoutPrefix(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /// Ends the program wherever it is, and what it started; they are gone afterwards.
    @Override
    public void close() {
        closed = true;
        List<ProcessHandle> started = process.descendants().toList();
        started.forEach(ProcessHandle::destroyForcibly);
        started.forEach(RunningProgram::awaitEnd);
        if (!started.isEmpty()) {
            // a script, such as fakeroot(1), then ends by itself, and its daemon with it
            awaitEnd(process.toHandle());
        }
        process.destroyForcibly();
        awaitEnd(process.toHandle());
    }

    private static void awaitEnd(ProcessHandle handle) {
        try {
            handle.onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // it hangs in the kernel: what it leaves the next run removes
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
