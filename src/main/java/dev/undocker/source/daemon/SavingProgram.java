package dev.undocker.source.daemon;

import dev.undocker.UndockerException;
import dev.undocker.content.BulkInputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that writes an image to its standard output, while it does. Its end is good when it
/// says so with its exit status: what came before may look whole all the same.
final class SavingProgram extends BulkInputStream {
    private static final int LARGEST_COMPLAINT = 64 << 10;

    /// How logrus writes a line, which skopeo uses.
    private static final Pattern LOGGED = Pattern.compile(".* msg=\"(?<text>.*)\"");

    static final String HINT =
            "podman images shows what this user has there; what podman built has a name that begins"
                    + " with localhost/";

    private final String place;
    private final Process process;
    private final FutureTask<byte[]> complaint;

    private SavingProgram(String place, Process process) {
        this.place = place;
        this.process = process;
        complaint = new FutureTask<>(() -> beginning(process.getErrorStream()));
        Thread.ofPlatform().daemon().name("undocker-complaint").start(complaint);
    }

    /// Starts it. Closing the stream ends the program.
    ///
    /// @param place what messages begin with
    static SavingProgram start(String place, List<String> command) {
        String name = place + ": " + command.getFirst();
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            return new SavingProgram(name, process);
        } catch (IOException e) {
            throw UndockerException.because(name + ": cannot be started", e);
        }
    }

    /// The rest is read too, so that the program can write on.
    private static byte[] beginning(InputStream stream) throws IOException {
        ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        beginning.write(stream.readNBytes(LARGEST_COMPLAINT));
        stream.transferTo(OutputStream.nullOutputStream());
        return beginning.toByteArray();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = process.getInputStream().read(target, offset, length);
        if (count < 0) {
            requireSuccess();
        }
        return count;
    }

    private void requireSuccess() {
        try {
            int status = process.waitFor();
            if (status != 0) {
                String said = lastLine(new String(complaint.get(), StandardCharsets.UTF_8));
                throw new UndockerException(
                                said.isEmpty()
                                        ? "%s: failed with exit status %d".formatted(place, status)
                                        : place + ": " + said)
                        .withHint(HINT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UndockerException("interrupted", e);
        } catch (ExecutionException e) {
            throw new UndockerException(place + ": its complaint cannot be read", e);
        }
    }

    private static String lastLine(String text) {
        String line = text.lines().filter(each -> !each.isBlank()).reduce("", (a, b) -> b);
        Matcher logged = LOGGED.matcher(line);
        return (logged.matches() ? logged.group("text").replace("\\\"", "\"") : line)
                .replaceFirst("^Error: ", "")
                .strip();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
