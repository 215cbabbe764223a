package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;

/// Debian's kernel for machines that qemu emulates: `UNDOCKER_TEST_KERNEL` names the tree of its
/// package, unpacked.
public final class GuestKernel {
    private GuestKernel() {}

    /// What holds its `boot` and `lib`.
    public static Path tree() {
        String named = System.getenv("UNDOCKER_TEST_KERNEL");
        Requirements.require(named != null, "needs UNDOCKER_TEST_KERNEL, an unpacked kernel");
        return Path.of(named);
    }

    /// What a machine loads.
    public static Path image() {
        File[] found =
                tree().resolve("boot").toFile().listFiles((_, name) -> name.startsWith("vmlinuz"));
        assertThat(found).hasSize(1);
        return found[0].toPath();
    }
}
