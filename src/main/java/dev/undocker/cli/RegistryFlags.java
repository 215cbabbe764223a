package dev.undocker.cli;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.image.RegistryAccess;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/// The options about registries, in skopeo's and podman's words.
final class RegistryFlags {
    private @Nullable Path authFile;
    private @Nullable Supplier<String> credentials;
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
                text -> credentials = login(text));
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

    /// What the user said.
    RegistryAccess access(boolean sync) {
        return new RegistryAccess(
                authFile, credentials, certificates, verifies(), cache.choice(sync));
    }

    private boolean verifies() {
        return switch (verifyTls) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw Spelling.refusal(
                            "--tls-verify " + verifyTls, verifyTls, List.of("true", "false"));
        };
    }

    /// A password that is missing is asked for, if a registry is.
    private static Supplier<String> login(String text) {
        if (text.indexOf(':') >= 0) {
            return () -> text;
        }
        if (text.isEmpty()) {
            throw UndockerException.usage("--creds: no user");
        }
        return () -> text + ":" + password(text);
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
