package dev.undocker.image;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/// What an image is made for, in Go's words (`linux/arm64/v8`), as image-spec uses them
/// (`image-index.md`, `platform`).
///
/// @param variant null when none is said
public record Platform(String os, String architecture, @Nullable String variant) {
    /// Parses `OS/ARCH[/VARIANT]`. Other words for an architecture are taken as containerd takes
    /// them (<https://github.com/containerd/platforms/blob/main/database.go>): `x86_64` is `amd64`.
    public static Platform parse(String text) {
        List<String> parts = List.of(text.split("/", -1));
        if (parts.size() < 2 || parts.size() > 3 || parts.stream().anyMatch(String::isEmpty)) {
            throw new UndockerException(
                    text + ": not a platform: write OS/ARCH or OS/ARCH/VARIANT",
                    "for example linux/" + (isWord(text) ? named(text).architecture : "arm64"),
                    null);
        }
        Platform named = named(parts.get(1));
        return new Platform(
                parts.get(0), named.architecture, parts.size() == 3 ? parts.get(2) : named.variant);
    }

    /// True for what may be an architecture without its system.
    private static boolean isWord(String text) {
        return !text.isEmpty() && !text.equals("linux") && text.indexOf('/') < 0;
    }

    /// Linux on a processor, in whichever word for it.
    private static Platform named(String architecture) {
        return switch (architecture) {
            case "x86_64", "x86-64" -> new Platform("linux", "amd64", null);
            case "i386", "i686", "x86" -> new Platform("linux", "386", null);
            case "aarch64" -> new Platform("linux", "arm64", null);
            case "armhf" -> new Platform("linux", "arm", "v7");
            case "armel" -> new Platform("linux", "arm", "v6");
            default -> new Platform("linux", architecture, null);
        };
    }

    /// True when Linux runs programs that are made for it. As containerd compares systems, case
    /// does not matter.
    public boolean isLinux() {
        return os.equalsIgnoreCase("linux");
    }

    /// Linux on this machine's processor.
    public static Platform host() {
        return named(System.getProperty("os.arch", ""));
    }

    /// How far an image for `offered` is from what is wanted here, 0 for the very one; empty when
    /// it would not do. System and architecture are equal. A processor also runs what was made for
    /// the versions before its own, the newer the better: `arm/v7` takes `v6` and then `v5`
    /// (<https://github.com/containerd/platforms/blob/main/compare.go>, `platformVector`). Where no
    /// variant is said, the architecture's usual one is meant; who wants none takes all others too.
    public OptionalInt distance(Platform offered) {
        if (!os.equals(offered.os) || !architecture.equals(offered.architecture)) {
            return OptionalInt.empty();
        }
        String wanted = variantOrDefault();
        String given = offered.variantOrDefault();
        if (Objects.equals(wanted, given)) {
            return OptionalInt.of(0);
        }
        int newer = version(wanted) - version(given);
        if (version(wanted) > 0 && version(given) > 0 && newer > 0) {
            return OptionalInt.of(newer);
        }
        return variant == null ? OptionalInt.of(Integer.MAX_VALUE) : OptionalInt.empty();
    }

    /// True when an image for `offered` may be used where this platform is wanted.
    public boolean accepts(Platform offered) {
        return distance(offered).isPresent();
    }

    /// The number of a variant such as `v7`; 0 for another word.
    private static int version(@Nullable String variant) {
        return variant != null && variant.matches("v[1-9][0-9]?")
                ? Integer.parseInt(variant.substring(1))
                : 0;
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
