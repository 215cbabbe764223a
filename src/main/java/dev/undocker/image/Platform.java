package dev.undocker.image;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;

/// What an image is made for, in Go's words (`linux/arm64/v8`), as image-spec uses them
/// (`image-index.md`, `platform`).
///
/// @param variant null when none is said
public record Platform(String os, String architecture, @Nullable String variant) {
    /// Parses `os/arch[/variant]`.
    public static Platform parse(String text) {
        List<String> parts = List.of(text.split("/", -1));
        if (parts.size() < 2 || parts.size() > 3 || parts.stream().anyMatch(String::isEmpty)) {
            throw new UndockerException(
                    text + ": not a platform",
                    "write os/architecture or os/architecture/variant, such as linux/arm64",
                    null);
        }
        return new Platform(parts.get(0), parts.get(1), parts.size() == 3 ? parts.get(2) : null);
    }

    /// Linux on this machine's processor.
    public static Platform host() {
        String name = System.getProperty("os.arch", "");
        String architecture =
                switch (name) {
                    case "x86_64" -> "amd64";
                    case "x86", "i386", "i686" -> "386";
                    case "aarch64" -> "arm64";
                    default -> name;
                };
        return new Platform("linux", architecture, null);
    }

    /// True when an image for `offered` may be used where this platform is wanted: system and
    /// architecture are equal, and the variant too where both name one (`arm64` is `arm64/v8`).
    public boolean accepts(Platform offered) {
        return os.equals(offered.os)
                && architecture.equals(offered.architecture)
                && (variant == null
                        || variant.equals(offered.variantOrDefault())
                        || (offered.variant == null && variant.equals(variantDefault())));
    }

    /// True when an image for `offered` is the very one that is wanted, as opposed to one that
    /// would do: the variants are equal too, each taken as its architecture's usual one where none
    /// is said.
    public boolean prefers(Platform offered) {
        return accepts(offered) && Objects.equals(variantOrDefault(), offered.variantOrDefault());
    }

    private @Nullable String variantOrDefault() {
        return variant != null ? variant : variantDefault();
    }

    private @Nullable String variantDefault() {
        return switch (architecture) {
            case "arm64" -> "v8";
            case "arm" -> "v7";
            case "amd64" -> "v1";
            default -> null;
        };
    }

    @Override
    public String toString() {
        return variant == null ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
    }
}
