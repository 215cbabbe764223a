package dev.undocker.testing;

/// Tests that repeat something thousands of times. They carry [#TAG], run with `-Pendurance` alone,
/// and take what `-Dendurance.scale=N` makes of their sizes.
public final class Endurance {
    public static final String TAG = "endurance";

    private static final double SCALE =
            Double.parseDouble(System.getProperty("endurance.scale", "1"));

    private Endurance() {}

    /// How often to do what is done `count` times in continuous integration.
    public static int scaled(int count) {
        return (int) Math.clamp(Math.round(count * SCALE), 1, Integer.MAX_VALUE);
    }
}
