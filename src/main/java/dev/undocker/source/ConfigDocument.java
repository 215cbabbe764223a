package dev.undocker.source;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.BuildStep;
import dev.undocker.image.Healthcheck;
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

    /// How the image was built, first step first; conversions do not ask. What is malformed is
    /// warned of and left out, since nothing depends on it.
    ///
    /// @param place names the config in messages
    public static List<BuildStep> history(String place, byte[] bytes, Warnings warnings) {
        try {
            return steps(place, bytes, warnings);
        } catch (UndockerException e) {
            warnings.warn(e.sentence() + ": left out");
            return List.of();
        }
    }

    private static List<BuildStep> steps(String place, byte[] bytes, Warnings warnings) {
        return JsonDocument.parse(place, bytes, warnings).elements("history").stream()
                .map(step ->
                        new BuildStep(
                                step.string("created"),
                                step.string("created_by"),
                                step.string("comment"),
                                step.flag("empty_layer")))
                .toList();
    }

    /// How Docker would watch the image; null when it does not, or nobody knows how, which is
    /// warned of.
    ///
    /// @param place names the config in messages
    public static @Nullable Healthcheck healthcheck(String place, byte[] bytes, Warnings warnings) {
        try {
            return check(place, bytes, warnings);
        } catch (UndockerException e) {
            warnings.warn(e.sentence() + ": left out");
            return null;
        }
    }

    private static @Nullable Healthcheck check(String place, byte[] bytes, Warnings warnings) {
        JsonDocument config = JsonDocument.parse(place, bytes, warnings).get("config");
        JsonDocument check = config == null ? null : config.get("Healthcheck");
        return check == null
                ? null
                : new Healthcheck(
                        check.strings("Test"),
                        number(check, "Interval"),
                        number(check, "Timeout"),
                        number(check, "StartPeriod"),
                        number(check, "Retries"));
    }

    private static long number(JsonDocument in, String key) {
        return in.has(key) ? in.size(key) : 0;
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
