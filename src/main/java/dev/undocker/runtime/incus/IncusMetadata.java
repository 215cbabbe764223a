package dev.undocker.runtime.incus;

import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;

import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/// The `metadata.yaml` of an image
/// (<https://linuxcontainers.org/incus/docs/main/reference/image_format/>).
public final class IncusMetadata {
    private IncusMetadata() {}

    /// The file's text. The image is one of an application (`type: oci`), whose process stands in
    /// `config.json`; LXD does not know the type.
    ///
    /// @param imageName what the image is called, for people
    public static String yaml(ImageConfig image, String imageName, Warnings warnings) {
        String architecture = architecture(image.platform(), warnings);
        SortedMap<String, String> properties = new TreeMap<>();
        properties.put("architecture", architecture);
        properties.put("description", printable(imageName));
        properties.put("name", ContainerName.ofImage(imageName).text());
        properties.put("os", printable(image.platform().os()));
        properties.put("type", "oci");
        StringBuilder yaml = new StringBuilder();
        yaml.append("architecture: ").append(YamlText.quoted(architecture)).append('\n');
        yaml.append("creation_date: ").append(seconds(image)).append('\n');
        yaml.append("properties:\n");
        properties.forEach((name, value) ->
                yaml.append("  ")
                        .append(name)
                        .append(": ")
                        .append(YamlText.quoted(value))
                        .append('\n'));
        return yaml.toString();
    }

    private static String printable(String text) {
        return RootfsPath.printable(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The date is mandatory, and 0 counts as missing.
    private static long seconds(ImageConfig image) {
        return Math.max(1, image.createdSeconds().orElse(1));
    }

    private static String architecture(Platform platform, Warnings warnings) {
        return switch (platform.architecture()) {
            case "amd64" -> "x86_64";
            case "386" -> "i686";
            case "arm64" -> "aarch64";
            case "arm" ->
                    switch (platform.variant()) {
                        case "v5", "v6" -> "armv6l";
                        case "v8" -> "armv8l";
                        case null, default -> "armv7l";
                    };
            case "loong64" -> "loongarch64";
            case "ppc64le", "s390x", "riscv64", "mips", "mips64" -> platform.architecture();
            default -> {
                warnings.warn(
                        "architecture %s: perhaps unknown to Incus"
                                .formatted(platform.architecture()));
                yield printable(platform.architecture());
            }
        };
    }
}
