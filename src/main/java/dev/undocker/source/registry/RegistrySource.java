package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.ImageSource;
import dev.undocker.image.LateReading;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.PlatformImage;
import dev.undocker.source.Home;
import dev.undocker.source.manifest.ManifestImages;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Images in registries: `docker://NAME[:TAG|@DIGEST]`, as skopeo and docker understand it.
@Singleton
public class RegistrySource implements ImageSource {
    private final Function<String, @Nullable String> environment;
    private final Path etc;
    private final Pause pause;
    private final Patience patience;

    public RegistrySource() {
        this(System::getenv, Path.of("/etc"), Pause::sleep, Patience.USUAL);
    }

    /// @param etc what is `/etc` on this machine
    RegistrySource(
            Function<String, @Nullable String> environment,
            Path etc,
            Pause pause,
            Patience patience) {
        this.environment = environment;
        this.etc = etc;
        this.pause = pause;
        this.patience = patience;
    }

    @Override
    public Set<String> transports() {
        return Set.of("docker");
    }

    @Override
    public ImageLocation locate(String transport, String rest) {
        return new InRegistry(RepositoryReference.parse(rest));
    }

    private final class InRegistry implements ImageLocation {
        private final RepositoryReference reference;

        InRegistry(RepositoryReference reference) {
            this.reference = reference;
        }

        @Override
        public @Nullable Path file() {
            return null;
        }

        @Override
        public Image open(OpenRequest request) {
            Registries registries = registries(request);
            try {
                return first(registries, images -> images.open(request), request.events());
            } catch (RuntimeException | Error e) {
                registries.close();
                throw e;
            }
        }

        @Override
        public LateReading lateReading(OpenRequest request) {
            Path certificates = request.registries().certificates();
            return new LateReading(
                    true, TrustStore.files(environment, Home.of(environment), etc, certificates));
        }

        @Override
        public List<PlatformImage> platforms(OpenRequest request) {
            try (Registries registries = registries(request)) {
                return first(registries, images -> images.platforms(request), request.events());
            }
        }

        private Registries registries(OpenRequest request) {
            return new Registries(environment, etc, pause, patience, request);
        }

        /// Mirrors are asked first, and the registry when none of them has the image.
        private <T> T first(
                Registries registries, Function<ManifestImages, T> question, Warnings warnings) {
            for (Endpoint endpoint : registries.endpoints(reference)) {
                try {
                    return question.apply(registries.images(reference, endpoint));
                } catch (UndockerException e) {
                    if (!endpoint.mirror() || Thread.currentThread().isInterrupted()) {
                        throw e;
                    }
                    // a mirror need not have everything
                    if (!(e instanceof MissingImageException)) {
                        warnings.warn(
                                "mirror %s: passed over: %s"
                                        .formatted(endpoint.reference().host(), e.sentence()));
                    }
                }
            }
            throw new UndockerException(
                    "%s: registries.conf names no place for it".formatted(reference));
        }

        @Override
        public String toString() {
            return reference.toString();
        }
    }

    /// The digest of a document that a reference names by digest.
    static void requireDigest(RepositoryReference reference, byte[] document) {
        Digest wanted = reference.digest();
        if (wanted == null) {
            return;
        }
        Digest actual = Digest.of(wanted.algorithm(), document);
        if (!actual.equals(wanted)) {
            throw new UndockerException("%s: %s".formatted(reference, actual.mismatch()));
        }
    }
}
