package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.SplittableRandom;

/// A layer that no pipe and no buffer holds as a whole, and that does not compress.
final class LargeLayer {
    private static final int SIZE = 24 << 20;

    private LargeLayer() {}

    static byte[] bytes() {
        byte[] noise = new byte[SIZE];
        new SplittableRandom(1).nextBytes(noise);
        return layer().dir("var").file("var/noise", new String(noise, ISO_8859_1)).toBytes();
    }
}
