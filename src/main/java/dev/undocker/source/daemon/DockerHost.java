package dev.undocker.source.daemon;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.Digest;
import dev.undocker.source.EnvironmentPath;
import dev.undocker.source.Home;
import dev.undocker.source.JsonDocument;
import dev.undocker.source.registry.SecretDocument;
import dev.undocker.source.registry.TrustStore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.function.Function;

/// Finds the daemon that `docker` would talk to: `DOCKER_HOST`, else the context that
/// `DOCKER_CONTEXT` or `docker context use` chose, else the socket of this machine
/// (<https://docs.docker.com/engine/manage-resources/contexts/>).
final class DockerHost {
    /// The context that stands for the socket of this machine.
    private static final String DEFAULT_CONTEXT = "default";

    private static final Path ETC = Path.of("/etc");

    private final Function<String, @Nullable String> environment;
    private final Path socket;
    private final Warnings warnings;

    /// @param socket where the daemon of this machine listens, `/var/run/docker.sock`
    DockerHost(Function<String, @Nullable String> environment, Path socket, Warnings warnings) {
        this.environment = environment;
        this.socket = socket;
        this.warnings = warnings;
    }

    /// @throws UndockerException when the user names a daemon that cannot be talked to
    DaemonAddress find() {
        String host = variable("DOCKER_HOST");
        if (host != null) {
            return DaemonAddress.parse("DOCKER_HOST", host, tls());
        }
        String context = variable("DOCKER_CONTEXT");
        if (context == null) {
            context = currentContext();
        }
        return context == null || context.equals(DEFAULT_CONTEXT) ? standard() : address(context);
    }

    /// Without root, the daemon is the user's own.
    private DaemonAddress standard() {
        Path runtime = EnvironmentPath.of(environment, "XDG_RUNTIME_DIR");
        if (runtime != null && Files.notExists(socket)) {
            Path own = runtime.resolve("docker.sock");
            if (Files.exists(own)) {
                return new UnixAddress(own);
            }
        }
        return new UnixAddress(socket);
    }

    private @Nullable String currentContext() {
        Path file = configuration().resolve("config.json");
        try {
            byte[] bytes = read(file);
            return bytes.length == 0
                    ? null
                    : SecretDocument.parse(file.toString(), bytes, warnings)
                            .string("currentContext");
        } catch (UndockerException e) {
            warnings.warn(e.sentence());
            return null;
        }
    }

    /// What a context says lies under the digest of its name (docker/cli, `cli/context/store`).
    private DaemonAddress address(String context) {
        String place = "docker context " + context;
        String directory = Digest.sha256(context.getBytes(StandardCharsets.UTF_8)).hex();
        Path contexts = configuration().resolve("contexts");
        Path file = contexts.resolve("meta").resolve(directory).resolve("meta.json");
        byte[] bytes = read(file);
        if (bytes.length == 0) {
            throw new UndockerException("%s: no such context".formatted(place))
                    .withHint("docker context ls shows what there is");
        }
        JsonDocument endpoint =
                JsonDocument.parse(file.toString(), bytes, warnings)
                        .require("Endpoints")
                        .require("docker");
        String host = endpoint.string("Host");
        if (host == null) {
            return standard();
        }
        Path certificates = contexts.resolve("tls").resolve(directory).resolve("docker");
        boolean insecure = endpoint.flag("SkipTLSVerify");
        return DaemonAddress.parse(
                place,
                host,
                new DaemonTls(
                        Files.isDirectory(certificates),
                        () -> trust().docker(certificates, insecure)));
    }

    /// As docker's options `--tls` and `--tlsverify` have it.
    private DaemonTls tls() {
        boolean verified = variable("DOCKER_TLS_VERIFY") != null;
        boolean wanted = verified || variable("DOCKER_TLS") != null;
        Path named = EnvironmentPath.of(environment, "DOCKER_CERT_PATH");
        Path certificates = named != null ? named : configuration();
        return new DaemonTls(wanted, () -> trust().docker(certificates, wanted && !verified));
    }

    private TrustStore trust() {
        return new TrustStore(environment, Home.of(environment), ETC, null, warnings);
    }

    private Path configuration() {
        Path named = EnvironmentPath.of(environment, "DOCKER_CONFIG");
        return named != null ? named : Home.of(environment).resolve(".docker");
    }

    /// Empty when there is no such file.
    private static byte[] read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(JsonDocument.LIMIT);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new byte[0];
        } catch (IOException e) {
            throw UndockerException.because(file + ": cannot be read", e);
        }
    }

    /// An empty variable counts as none.
    private @Nullable String variable(String name) {
        String value = environment.apply(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
