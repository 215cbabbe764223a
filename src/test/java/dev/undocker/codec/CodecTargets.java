package dev.undocker.codec;

import dev.undocker.fuzz.FuzzTarget;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;

import java.util.List;

/// What decoders read.
public final class CodecTargets {
    private static final byte[] DATA =
            LayerBuilder.layer().dir("a/").file("a/b", "x").symlink("l", "a").toBytes();

    private CodecTargets() {}

    public static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "gzip",
                        List.of(
                                Packing.GZIP.pack(DATA),
                                Samples.join(Packing.GZIP.pack(DATA), Packing.GZIP.pack(DATA))),
                        CodecTargets::decode));
    }

    private static void decode(byte[] input) {
        if (Isal.installed() != null) {
            GzipAgreement.require(input);
        }
    }
}
