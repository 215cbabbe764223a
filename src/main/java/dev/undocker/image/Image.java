package dev.undocker.image;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One image for one platform, open for reading. Manifest and config are read and verified; layers
/// are verified by whoever reads them. Closing it closes the files behind the layers.
///
/// @param name what to call the image: its tag where it has one, else made from the reference
/// @param file the file or directory that it is read from; null for standard input
/// @param rawConfig the config's bytes as stored, whose SHA-256 is the image ID
/// @param layers base first, as many as the config has diffIDs
/// @param manifestDigest null where the form has no manifest digest (docker-archive)
/// @param resources what is closed with the image
public record Image(
        String name,
        @Nullable Path file,
        ImageConfig config,
        byte[] rawConfig,
        @Nullable Digest manifestDigest,
        List<LayerBlob> layers,
        Closeable resources)
        implements Closeable {
    /// More layers than this are refused: engines stop at 127, the kernel's overlayfs at 500.
    public static final int MOST_LAYERS = 1000;

    /// @throws UndockerException when there are too many layers
    public Image {
        if (layers.size() > MOST_LAYERS) {
            throw new UndockerException(
                    "%s: %d layers, more than the %d that are read"
                            .formatted(name, layers.size(), MOST_LAYERS));
        }
        layers = List.copyOf(layers);
    }

    @Override
    public void close() throws IOException {
        resources.close();
    }
}
