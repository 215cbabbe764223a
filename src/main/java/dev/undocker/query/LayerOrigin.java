package dev.undocker.query;

import dev.undocker.image.BuildStep;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A layer as a user may look it up, and how it was built.
///
/// @param number 1 for the base layer
/// @param digest of the stored bytes; null where the image form has none
/// @param diffId of the uncompressed tar
/// @param step what built it; null when the image does not say
public record LayerOrigin(
        int number, @Nullable Digest digest, Digest diffId, @Nullable BuildStep step) {
    private static final Pattern NO_COMMAND = Pattern.compile("^/bin/sh -c #\\(nop\\) +");

    /// Joins layers and build steps, both base first. The n-th step that is not of an empty layer
    /// built the n-th layer (image-spec `config.md`, `history`); where their numbers differ, nobody
    /// knows which one did.
    public static List<LayerOrigin> of(List<LayerBlob> layers, List<BuildStep> history) {
        List<BuildStep> steps = history.stream().filter(step -> !step.emptyLayer()).toList();
        boolean known = steps.size() == layers.size();
        List<LayerOrigin> origins = new ArrayList<>();
        for (LayerBlob layer : layers) {
            origins.add(
                    new LayerOrigin(
                            layer.number(),
                            layer.digest(),
                            layer.diffId(),
                            known ? steps.get(layer.number() - 1) : null));
        }
        return origins;
    }

    /// What built the layer, for people: the command without what Docker's older builder begins
    /// what is no command with, else the comment; null when the image says neither. As untrusted as
    /// the image.
    public @Nullable String shownStep() {
        if (step == null) {
            return null;
        }
        String text = step.createdBy() != null ? step.createdBy() : step.comment();
        return text == null || text.isBlank() ? null : NO_COMMAND.matcher(text).replaceFirst("");
    }

    /// The digest of the stored bytes, else the diffID.
    public Digest shownDigest() {
        return digest != null ? digest : diffId;
    }
}
