package dev.undocker.source;

import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// Reads an image's config (image-spec `config.md`; Docker's has the same shape).
public final class ConfigDocument {
    private ConfigDocument() {}

    /// @param place names the config in messages
    public static ImageConfig parse(String place, byte[] bytes, Warnings warnings) {
        JsonDocument document = JsonDocument.parse(place, bytes, warnings);
        JsonDocument rootfs = document.get("rootfs");
        JsonDocument config = document.get("config");
        return new ImageConfig(
                platform(document),
                document.string("created"),
                document.string("author"),
                process(config),
                config == null ? List.of() : config.keys("Volumes"),
                config == null ? List.of() : config.keys("ExposedPorts"),
                config == null ? Map.of() : config.stringMap("Labels"),
                rootfs == null
                        ? List.of()
                        : rootfs.elements("diff_ids").stream().map(JsonDocument::digest).toList());
    }

    /// The specification demands both words, yet old images lack them.
    private static Platform platform(JsonDocument document) {
        return new Platform(
                or(document.string("os"), "linux"),
                or(document.string("architecture"), "unknown"),
                document.string("variant"));
    }

    private static ImageConfig.Process process(@Nullable JsonDocument config) {
        return config == null
                ? new ImageConfig.Process(List.of(), List.of(), List.of(), "", "", null)
                : new ImageConfig.Process(
                        config.words("Entrypoint"),
                        config.words("Cmd"),
                        config.strings("Env"),
                        or(config.string("WorkingDir"), ""),
                        or(config.string("User"), ""),
                        config.string("StopSignal"));
    }

    private static String or(@Nullable String text, String otherwise) {
        return text == null ? otherwise : text;
    }
}
