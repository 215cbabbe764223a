package dev.undocker.source.daemon;

import dev.undocker.Complaint;
import dev.undocker.ProgramStart;
import dev.undocker.UndockerException;
import dev.undocker.content.BulkInputStream;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A program that writes an image to its standard output, while it does. Its end is good when it
/// says so with its exit status: what came before may look whole all the same.
final class SavingProgram extends BulkInputStream {
    /// How logrus writes a line, which skopeo uses.
    private static final Pattern LOGGED = Pattern.compile(".* msg=\"(?<text>.*)\"");

    static final String HINT =
            "podman images shows what this user has there; what podman built has a name that begins"
                    + " with localhost/";

    private final String place;
    private final Process process;
    private final Complaint complaint;

    private SavingProgram(String place, Process process) {
        this.place = place;
        this.process = process;
        complaint = new Complaint(process);
    }

    /// Starts it. Closing the stream ends the program.
    ///
    /// @param place what messages begin with
    static SavingProgram start(String place, List<String> command) {
        String name = place + ": " + command.getFirst();
        try {
            Process process = ProgramStart.of(name, new ProcessBuilder(command));
            process.getOutputStream().close();
            return new SavingProgram(name, process);
        } catch (IOException e) {
            throw UndockerException.because(name + ": cannot be started", e);
        }
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
                String said = sentence(complaint.lastLine());
                throw new UndockerException(
                                said.isEmpty()
                                        ? "%s: failed with exit status %d".formatted(place, status)
                                        : place + ": " + said)
                        .withHint(HINT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UndockerException("interrupted", e);
        }
    }

    private static String sentence(String line) {
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
