package dev.undocker.source.daemon;

import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;
import dev.undocker.source.ImageForms;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Function;

/// Images that Docker's daemon keeps: `docker-daemon:NAME[:TAG|@DIGEST]` or `docker-daemon:ID`.
@Singleton
public class DockerDaemon implements ImageSource {
    private static final String TRANSPORT = "docker-daemon";
    private static final String PREFIX = TRANSPORT + ":";

    private final ImageForms forms;
    private final Function<String, @Nullable String> environment;
    private final Path socket;

    @Inject
    public DockerDaemon(ImageForms forms) {
        this(forms, System::getenv, Path.of("/var/run/docker.sock"));
    }

    /// @param socket where the daemon of this machine listens
    DockerDaemon(ImageForms forms, Function<String, @Nullable String> environment, Path socket) {
        this.forms = forms;
        this.environment = environment;
        this.socket = socket;
    }

    @Override
    public Set<String> transports() {
        return Set.of(TRANSPORT);
    }

    @Override
    public ImageLocation locate(String transport, String rest) {
        if (rest.isEmpty()) {
            throw UndockerException.usage("docker-daemon:: no image")
                    .withHint("write docker-daemon:NAME:TAG");
        }
        return new InDaemon(PREFIX + rest, EngineImage.parse(PREFIX, rest));
    }

    private final class InDaemon implements ImageLocation {
        private final String text;
        private final EngineImage image;

        InDaemon(String text, EngineImage image) {
            this.text = text;
            this.image = image;
        }

        @Override
        public @Nullable Path file() {
            return null;
        }

        @Override
        public Image open(OpenRequest request) {
            Engine engine =
                    new Engine(text, new DockerHost(environment, socket, request.events()).find());
            int version = version(engine);
            String name =
                    switch (image) {
                        case EngineImage.Named named -> named.reference().familiar();
                        case EngineImage.Identified identified -> identified.id();
                    };
            return forms.open(
                    text, image.fallback(), export(engine, name, version, request), request);
        }

        private InputStream export(Engine engine, String name, int version, OpenRequest request) {
            try {
                return engine.export(name, request.platform(), version);
            } catch (Engine.MissingImageException e) {
                throw image instanceof EngineImage.Named named
                        ? e.withHint(
                                "write %s to read it from its registry"
                                        .formatted(named.reference()))
                        : e;
            }
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private static int version(Engine engine) {
        try {
            return engine.ping();
        } catch (IOException e) {
            throw engine.unreachable(e)
                    .withHint(
                            engine.address().hint()
                                    + " DOCKER_HOST or docker context use names another one");
        }
    }
}
