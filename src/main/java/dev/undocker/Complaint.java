package dev.undocker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;

/// What a program says on standard error, read while it runs so that it can write on. Of much only
/// the beginning is kept.
public final class Complaint {
    private static final int LARGEST = 64 << 10;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /// What tar(1) says last.
    private static final String AFTER_THE_REASON =
            "tar: Exiting with failure status due to previous errors";

    private final FutureTask<byte[]> beginning;

    public Complaint(Process process) {
        beginning = new FutureTask<>(() -> beginning(process.getErrorStream()));
        Thread.ofPlatform().daemon().name("undocker-complaint").start(beginning);
    }

    private static byte[] beginning(InputStream stream) throws IOException {
        ByteArrayOutputStream beginning = new ByteArrayOutputStream();
        beginning.write(stream.readNBytes(LARGEST));
        stream.transferTo(OutputStream.nullOutputStream());
        return beginning.toByteArray();
    }

    /// The last line that is not blank, where most programs say why they fail, as a part of a
    /// sentence; empty where they said nothing. Waits for the end of the program.
    public String lastLine() throws InterruptedException {
        try {
            return new String(beginning.get(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> BLANKS.matcher(line).replaceAll(" ").strip())
                    .filter(line -> !line.isEmpty() && !line.equals(AFTER_THE_REASON))
                    .reduce("", (first, second) -> second)
                    .replaceFirst("(?<!\\.)\\.$", "");
        } catch (ExecutionException e) {
            // it was closed under our hands
            return "";
        }
    }
}
