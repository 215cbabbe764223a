package dev.undocker.fuzz;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.undocker.testing.Endurance;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// Readers of untrusted bytes refuse what makes no sense, in time: seeds, what a fuzzer has found
/// before, and both with a few bytes changed.
class FuzzCorpusTest {
    private static final int SOME = 20;
    private static final int MANY = 600;

    static List<FuzzTarget> targets() {
        return FuzzTargets.all();
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(600)
    void everyInputIsReadOrRefused(FuzzTarget target) throws IOException {
        for (byte[] input : target.inputs()) {
            read(target, input);
        }
        readVariants(target, SOME);
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Tag(Endurance.TAG)
    @Timeout(36_000)
    void manyVariantsAreReadOrRefused(FuzzTarget target) throws IOException {
        readVariants(target, Endurance.scaled(MANY));
    }

    private static void readVariants(FuzzTarget target, int count) throws IOException {
        List<byte[]> inputs = target.inputs();
        SplittableRandom random = new SplittableRandom(target.name().hashCode());
        for (int i = 0; i < count; i++) {
            read(target, changed(inputs.get(random.nextInt(inputs.size())), random));
        }
    }

    private static void read(FuzzTarget target, byte[] input) {
        assertTimeout(
                Duration.ofSeconds(20),
                () ->
                        assertThatCode(() -> target.read(input))
                                .as("%s: %s", target, HexFormat.of().formatHex(input))
                                .doesNotThrowAnyException());
    }

    private static byte[] changed(byte[] input, SplittableRandom random) {
        byte[] changed = input.clone();
        for (int i = random.nextInt(1, 5); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
        }
        return changed;
    }
}
