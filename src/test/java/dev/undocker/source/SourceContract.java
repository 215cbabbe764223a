package dev.undocker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.ImageLocation;
import dev.undocker.image.ImageSource;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.Platform;
import dev.undocker.image.RegistryAccess;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What every source of images does; the test of each form of each source implements it.
public interface SourceContract {
    byte[] LOWER = new FileSet().file("a", "lower").tar();
    byte[] UPPER = new FileSet().file("b", "upper").tar();

    ImageSource source();

    /// The word in front of the colon; empty for none.
    String transport();

    /// Puts the image where the source finds it.
    ///
    /// @param directory for whatever the test needs
    /// @return what follows the transport's colon
    String offer(ImageBuilder image, Path directory) throws Exception;

    /// A place where nothing is.
    String nowhere(Path directory);

    private Image open(String rest, @Nullable String platform, Path directory) throws IOException {
        Path temporary = Files.createDirectories(directory.resolve("temporary"));
        return source().locate(transport(), rest)
                .open(
                        new OpenRequest(
                                platform == null ? null : Platform.parse(platform),
                                new TemporaryFiles(temporary),
                                true,
                                RegistryAccess.STANDARD,
                                said -> {
                                    throw new AssertionError(said);
                                }));
    }

    @Test
    default void hasItsTransport() {
        assertThat(source().transports()).contains(transport());
    }

    @Test
    default void anImageComesAsItIs(@TempDir Path directory) throws Exception {
        ImageBuilder image =
                ImageBuilder.image(LOWER, UPPER, LOWER)
                        .platform("linux/amd64")
                        .config("Cmd", List.of("/a", "b c"));
        try (Image opened = open(offer(image, directory), null, directory)) {
            Opener.assertLayers(opened, LOWER, UPPER, LOWER);
            assertThat(opened.layers()).extracting("number").containsExactly(1, 2, 3);
            assertThat(opened.layers())
                    .extracting(layer -> layer.diffId())
                    .containsExactly(
                            Digest.sha256(LOWER), Digest.sha256(UPPER), Digest.sha256(LOWER));
            assertThat(opened.config().process().cmd()).containsExactly("/a", "b c");
            assertThat(opened.config().platform()).hasToString("linux/amd64");
            assertThat(opened.name()).isNotEmpty();
        }
    }

    /// Each time it is opened a layer comes from its beginning.
    @Test
    default void aLayerMayBeReadAgain(@TempDir Path directory) throws Exception {
        ImageBuilder image = ImageBuilder.image(LOWER);
        try (Image opened = open(offer(image, directory), null, directory)) {
            Opener.assertLayers(opened, LOWER);
            Opener.assertLayers(opened, LOWER);
        }
    }

    @Test
    default void anotherPlatformIsRefused(@TempDir Path directory) throws Exception {
        String rest = offer(ImageBuilder.image(LOWER).platform("linux/arm64"), directory);
        UndockerException failure =
                catchThrowableOfType(
                        UndockerException.class,
                        () -> open(rest, "linux/s390x", directory).close());
        assertThat(failure).hasMessageContaining("linux/arm64, not for linux/s390x");
        try (Image opened = open(rest, "linux/arm64/v8", directory)) {
            Opener.assertLayers(opened, LOWER);
        }
    }

    /// Understanding a reference reads nothing; opening says what is not there.
    @Test
    default void whatIsMissingIsSaidWhenItIsOpened(@TempDir Path directory) {
        String rest = nowhere(directory);
        ImageLocation location = source().locate(transport(), rest);
        String text = transport().isEmpty() ? rest : transport() + ":" + rest;
        assertThat(location.toString()).startsWith(text);
        UndockerException failure =
                catchThrowableOfType(
                        UndockerException.class, () -> open(rest, null, directory).close());
        assertThat(failure).isNotNull();
        assertThat(failure.isUsage()).isFalse();
    }

    @Test
    default void nothingAtAllIsWrongUsage() {
        UndockerException failure =
                catchThrowableOfType(
                        UndockerException.class, () -> source().locate(transport(), ""));
        assertThat(failure).isNotNull();
        assertThat(failure.isUsage()).isTrue();
    }

    @Test
    default void nothingStaysInTheTemporaryDirectory(@TempDir Path directory) throws Exception {
        try (Image opened = open(offer(ImageBuilder.image(LOWER), directory), null, directory);
                Stream<Path> left = Files.list(directory.resolve("temporary"))) {
            assertThat(opened.layers()).hasSize(1);
            assertThat(left).isEmpty();
        }
    }
}
