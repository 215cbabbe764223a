package dev.undocker.query;

import dev.undocker.image.BuildStep;
import dev.undocker.image.Digest;
import dev.undocker.image.Healthcheck;
import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.LayerBlob;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What there is to know of an image without its files. All text is as untrusted as the image.
///
/// @param manifest null where the form has no manifest digest
/// @param id of the config, which engines call the image's ID
/// @param healthcheck null when there is none
/// @param layers base first
/// @param outputs what each kind of output cannot carry; null when that was not asked
public record ImageReport(
        String name,
        @Nullable Digest manifest,
        Digest id,
        ImageConfig config,
        @Nullable Healthcheck healthcheck,
        List<Layer> layers,
        @Nullable List<OutputLimits> outputs) {
    public ImageReport {
        layers = List.copyOf(layers);
    }

    /// @param stored bytes as they are stored
    /// @param sums null when the layer was not read
    public record Layer(LayerOrigin origin, long stored, LayerLedger.@Nullable Sums sums) {}

    /// All layers together.
    ///
    /// @param stored bytes as they are stored
    /// @param entries names in the merged tree, the root not counted
    /// @param bytes of data in the layers' regular files
    /// @param wasted those of these bytes that no name leads to
    public record Totals(long stored, long entries, long bytes, long wasted) {}

    /// @param history first step first
    /// @param sums of each layer, base first; null when they were not read
    public static ImageReport of(
            Image image,
            List<BuildStep> history,
            @Nullable Healthcheck healthcheck,
            @Nullable List<LayerLedger.Sums> sums,
            @Nullable List<OutputLimits> outputs) {
        List<LayerOrigin> origins = LayerOrigin.of(image.layers(), history);
        List<Layer> layers = new ArrayList<>();
        for (LayerBlob blob : image.layers()) {
            int at = layers.size();
            layers.add(
                    new Layer(
                            origins.get(at),
                            blob.data().size(),
                            sums == null ? null : sums.get(at)));
        }
        return new ImageReport(
                image.name(),
                image.manifestDigest(),
                Digest.sha256(image.rawConfig()),
                image.config(),
                healthcheck,
                layers,
                outputs);
    }

    /// How many bytes the layers have as they are stored.
    public long stored() {
        return layers.stream().mapToLong(Layer::stored).sum();
    }

    /// Null when the layers were not read.
    public @Nullable Totals totals() {
        long entries = 0;
        long bytes = 0;
        long wasted = 0;
        for (Layer layer : layers) {
            LayerLedger.Sums sums = layer.sums();
            if (sums == null) {
                return null;
            }
            entries += sums.added() - sums.hidden();
            bytes += sums.bytes();
            wasted += sums.wasted();
        }
        return new Totals(stored(), entries, bytes, wasted);
    }
}
