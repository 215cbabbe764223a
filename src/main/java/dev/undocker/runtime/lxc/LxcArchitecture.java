package dev.undocker.runtime.lxc;

import dev.undocker.image.Platform;

import java.util.Optional;

/// The values of `lxc.arch` that LXC 5 knows. An unknown one makes the container impossible to
/// create, while the key only sets the personality, so for other processors it is left out.
final class LxcArchitecture {
    private LxcArchitecture() {}

    static Optional<String> of(Platform platform) {
        return switch (platform.architecture()) {
            case "amd64", "arm64", "ppc64le", "s390x", "riscv64", "mips" ->
                    Optional.of(platform.architecture());
            case "386" -> Optional.of("i686");
            case "arm" ->
                    Optional.of(
                            "v5".equals(platform.variant()) || "v6".equals(platform.variant())
                                    ? "armel"
                                    : "armhf");
            case "mipsle" -> Optional.of("mipsel");
            case "mips64le" -> Optional.of("mips64el");
            default -> Optional.empty();
        };
    }
}
