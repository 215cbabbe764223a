package dev.undocker.source.registry;

import dev.undocker.ProgramStart;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program that keeps credentials, `docker-credential-NAME`
/// (<https://github.com/docker/docker-credential-helpers>). It prints secrets, so what it says is
/// never quoted.
final class CredentialProgram {
    /// How such a program says that it keeps nothing for a registry, mostly on standard output.
    private static final String UNKNOWN = "credentials not found in native keychain";

    /// The user's name beside which an identity token stands.
    private static final String TOKEN_USER = "<token>";

    private final Path file;
    private final Duration patience;
    private final Warnings warnings;

    /// @param patience how long an answer may take; the program may have to ask the user
    CredentialProgram(Path file, Duration patience, Warnings warnings) {
        this.file = file;
        this.patience = patience;
        this.warnings = warnings;
    }

    /// What the program keeps for a registry, under one of its names.
    ///
    /// @return null when that is nothing
    @Nullable Credentials find(RegistryKeys keys) {
        for (String server : keys.servers()) {
            Credentials found = get(server);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @Nullable Credentials get(String server) {
        Process process = start(server);
        try {
            return credentials(server, process);
        } catch (IOException | ExecutionException e) {
            // Without the cause: nobody knows what it says.
            throw failure("its answer cannot be read", server);
        } catch (TimeoutException e) {
            throw failure("no answer within %d s".formatted(patience.toSeconds()), server);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure("interrupted", server);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start(String server) {
        try {
            return ProgramStart.of(file.toString(), new ProcessBuilder(file.toString(), "get"));
        } catch (IOException e) {
            throw failure("cannot be started", server);
        }
    }

    private @Nullable Credentials credentials(String server, Process process)
            throws IOException, ExecutionException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + patience.toNanos();
        Future<byte[]> output = read(process.getInputStream());
        Future<byte[]> complaint = read(process.getErrorStream());
        ask(server, process);
        if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException();
        }
        byte[] answer = output.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        if (process.exitValue() == 0) {
            return credentials(SecretDocument.parse(file.toString(), answer, warnings));
        }
        if (text(answer).contains(UNKNOWN)
                || text(complaint.get(end - System.nanoTime(), TimeUnit.NANOSECONDS))
                        .contains(UNKNOWN)) {
            return null;
        }
        throw failure("failed with exit status " + process.exitValue(), server);
    }

    private static void ask(String server, Process process) {
        try (OutputStream input = process.getOutputStream()) {
            input.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It has ended without reading; its exit status tells more.
        }
    }

    /// Reads a stream to its end and keeps the beginning, so that the program can write on.
    private static Future<byte[]> read(InputStream stream) {
        FutureTask<byte[]> reading =
                new FutureTask<>(() -> {
                    byte[] beginning = stream.readNBytes(JsonDocument.LIMIT);
                    stream.transferTo(OutputStream.nullOutputStream());
                    return beginning;
                });
        Thread.ofPlatform().daemon().name("undocker-credentials").start(reading);
        return reading;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static @Nullable Credentials credentials(JsonDocument answer) {
        String user = answer.string("Username");
        String secret = answer.string("Secret");
        return TOKEN_USER.equals(user) && secret != null
                ? new Credentials.IdentityToken(secret)
                : Credentials.stored(user, secret);
    }

    private UndockerException failure(String reason, String server) {
        return new UndockerException("%s: %s".formatted(file, reason))
                .withHint("see what it says: printf %s | %s get".formatted(server, file));
    }
}
