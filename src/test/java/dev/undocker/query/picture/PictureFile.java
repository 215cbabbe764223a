package dev.undocker.query.picture;

import dev.undocker.image.Digest;
import dev.undocker.query.Wasted;
import dev.undocker.query.picture.ImagePicture.Layer;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Pages of images that tests make up.
///
/// @param steps of the layers, base first
record PictureFile(
        String name, Map<String, String> facts, List<String> steps, List<Wasted> wasted) {
    static final PictureFile PLAIN = new PictureFile("test", Map.of(), List.of(), List.of());

    byte[] of(List<LayerBuilder> layers) throws IOException {
        List<Layer> described =
                IntStream.range(0, layers.size())
                        .mapToObj(at -> new Layer(digest(at), step(at), 1000L * (at + 1)))
                        .toList();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        try (Flatten flat = Flatten.of(layers)) {
            new ImagePicture(name, facts, described).write(flat.rootfs().tree(), wasted, page);
        }
        return page.toByteArray();
    }

    private static Digest digest(int at) {
        return Digest.sha256(new byte[] {(byte) at});
    }

    private @Nullable String step(int at) {
        return at < steps.size() ? steps.get(at) : null;
    }
}
