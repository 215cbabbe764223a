package dev.undocker.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/// Tests that repeat something thousands of times. They carry [#TAG], run with `-Pendurance` alone,
/// and take what `-Dendurance.scale=N` makes of their sizes.
public final class Endurance {
    public static final String TAG = "endurance";

    private static final double SCALE =
            Double.parseDouble(System.getProperty("endurance.scale", "1"));

    private Endurance() {}

    /// A directory without a disk below it, where there is one: for tests that write thousands of
    /// files, of which a disk would take most of the time.
    public static Path memory() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /// How often to do what is done `count` times in continuous integration.
    public static int scaled(int count) {
        return (int) Math.clamp(Math.round(count * SCALE), 1, Integer.MAX_VALUE);
    }
}
