package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.image.RegistryAccess;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The options about registries, in skopeo's and podman's words.
final class RegistryFlags {
    private @Nullable Path authFile;
    private @Nullable String credentials;
    private @Nullable Path certificates;
    private String verifyTls = "true";
    private final CacheFlags cache = new CacheFlags();

    void declare(CommandOptions options) {
        options.text(
                "--authfile",
                "FILE",
                "where credentials for registries are, instead of the files of podman and docker",
                file -> authFile = Path.of(file));
        options.text(
                "--creds",
                "USER[:PASSWORD]",
                "who to be for the registry; without a password it is asked for, or read from"
                        + " standard input",
                text -> credentials = text);
        options.text(
                "--cert-dir",
                "DIR",
                "where certificates for the registry are, instead of certs.d/HOST",
                directory -> certificates = Path.of(directory));
        options.text(
                "--tls-verify",
                "true|false",
                "false trusts every registry, also without TLS",
                text -> verifyTls = text);
        cache.declare(options);
    }

    /// What the user said. A password that is missing is asked for.
    RegistryAccess access() {
        return new RegistryAccess(
                authFile, complete(credentials), certificates, verifies(), cache.choice());
    }

    private boolean verifies() {
        return switch (verifyTls) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw UndockerException.usage(
                            "--tls-verify %s: is neither true nor false".formatted(verifyTls));
        };
    }

    private static @Nullable String complete(@Nullable String credentials) {
        if (credentials == null || credentials.indexOf(':') >= 0) {
            return credentials;
        }
        if (credentials.isEmpty()) {
            throw UndockerException.usage("--creds: no user");
        }
        return credentials + ":" + password(credentials);
    }

    private static String password(String user) {
        java.io.Console terminal = System.console();
        if (terminal != null && terminal.isTerminal()) {
            char[] typed = terminal.readPassword("Password for %s: ", user);
            return typed == null ? "" : new String(typed);
        }
        try {
            String line =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                            .readLine();
            if (line == null) {
                throw UndockerException.usage("--creds: no password on standard input");
            }
            return line;
        } catch (IOException e) {
            throw UndockerException.because("--creds: standard input", e);
        }
    }
}
