package dev.undocker.codec;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.SplittableRandom;

class GzipAgreementTest {
    private static final int DAMAGES = 1500;

    @ParameterizedTest
    @CsvSource({
        "gzip -1, 60",
        "gzip -1, 20000",
        "gzip -9, 900",
        "gzip -9, 20000",
        "pigz -0, 900",
        "pigz -11, 3000",
        "pigz -H, 3000",
        "pigz -U, 3000",
        "busybox gzip, 300"
    })
    void bothRefuseTheSame(String command, int size) throws Exception {
        Decoder.library();
        byte[] whole = Filter.run(Samples.mixed(size, size), (command + " -c").split(" "));
        GzipAgreement.require(whole);
        SplittableRandom random = new SplittableRandom(size);
        for (int i = 0; i < DAMAGES; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            if (i % 4 == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            GzipAgreement.require(damaged);
        }
    }
}
