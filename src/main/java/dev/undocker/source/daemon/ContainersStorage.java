package dev.undocker.source.daemon;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;
import dev.undocker.source.CurrentUser;
import dev.undocker.source.EnvironmentPath;
import dev.undocker.source.ImageForms;
import dev.undocker.source.SearchPath;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/// Images that podman, buildah and skopeo keep on this machine. Its files are theirs, with locks
/// and mounts, so they are asked: podman's service where it listens, else podman, else skopeo.
@Singleton
public class ContainersStorage implements ImageSource {
    private static final DaemonTls PLAIN =
            new DaemonTls(
                    false,
                    () -> {
                        throw new UndockerException("CONTAINER_HOST: TLS is not supported");
                    });

    private final ImageForms forms;
    private final Function<String, @Nullable String> environment;
    private final Path run;
    private final String userId;

    @Inject
    public ContainersStorage(ImageForms forms) {
        this(forms, System::getenv, Path.of("/run"), CurrentUser.id());
    }

    /// @param run what is `/run` on this machine
    /// @param userId who asks
    ContainersStorage(
            ImageForms forms,
            Function<String, @Nullable String> environment,
            Path run,
            String userId) {
        this.forms = forms;
        this.environment = environment;
        this.run = run;
        this.userId = userId;
    }

    @Override
    public Set<String> transports() {
        return Set.of("containers-storage");
    }

    @Override
    public ImageLocation locate(String transport, String rest) {
        return new InStorage(StoredImage.parse(rest));
    }

    private final class InStorage implements ImageLocation {
        private final StoredImage stored;

        InStorage(StoredImage stored) {
            this.stored = stored;
        }

        @Override
        public @Nullable Path file() {
            return null;
        }

        @Override
        public Image open(OpenRequest request) {
            InputStream archive = fromService(stored, request);
            return forms.open(
                    stored.text(),
                    stored.image().fallback(),
                    archive != null ? archive : fromProgram(stored),
                    request);
        }

        @Override
        public String toString() {
            return stored.text();
        }
    }

    /// Null where no service has this storage.
    private @Nullable InputStream fromService(StoredImage stored, OpenRequest request) {
        String named = variable("CONTAINER_HOST");
        if (!stored.store().isEmpty()) {
            return null;
        }
        DaemonAddress address =
                named != null ? DaemonAddress.parse("CONTAINER_HOST", named, PLAIN) : socket();
        Engine engine = new Engine(stored.text(), address);
        int version;
        try {
            version = engine.ping();
        } catch (IOException e) {
            if (named != null) {
                throw engine.unreachable(e).withHint("podman system service listens there");
            }
            return null;
        }
        try {
            return engine.export(stored.name(), request.platform(), version);
        } catch (Engine.MissingImageException e) {
            throw e.withHint(SavingProgram.HINT);
        }
    }

    /// Where the service of this user's storage listens (podman-system-service(1)).
    private UnixAddress socket() {
        Path runtime = EnvironmentPath.of(environment, "XDG_RUNTIME_DIR");
        Path directory =
                userId.equals(CurrentUser.ROOT)
                        ? run
                        : runtime != null ? runtime : run.resolve("user").resolve(userId);
        return new UnixAddress(directory.resolve("podman/podman.sock"));
    }

    private InputStream fromProgram(StoredImage stored) {
        SearchPath path = new SearchPath(environment.apply("PATH"));
        Path podman = path.find("podman");
        if (podman != null) {
            return SavingProgram.start(stored.text(), stored.podman(podman.toString()));
        }
        Path skopeo = path.find("skopeo");
        if (skopeo != null) {
            return SavingProgram.start(stored.text(), stored.skopeo(skopeo.toString()));
        }
        throw new UndockerException(
                        "%s: only podman or skopeo can read it, and neither is installed"
                                .formatted(stored))
                .withHint("where one of them is: podman save --format docker-archive IMAGE > FILE");
    }

    /// An empty variable counts as none.
    private @Nullable String variable(String name) {
        String value = environment.apply(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
