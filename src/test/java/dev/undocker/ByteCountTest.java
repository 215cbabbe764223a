package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteCountTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "17,17",
        "5k,5000",
        "5K,5000",
        "10G,10000000000",
        "1MB,1000000",
        "2T,2000000000000",
        "4Ki,4096",
        "512MiB,536870912",
        "2Gi,2147483648",
        "9223372036854775807,9223372036854775807"
    })
    void isRead(String text, long bytes) {
        assertThat(ByteCount.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "G", "-1", "1.5G", "1i", "1iB", "1ki", "1X", "1 G"})
    void isRefused(String text) {
        assertThatThrownBy(() -> ByteCount.parse(text))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining(text + ": not a number of bytes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "99999999999999999999", "9999999T", "8388608Ti"})
    void isTooLarge(String text) {
        assertThatThrownBy(() -> ByteCount.parse(text))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining(text + ": too large, the most is 9223372036854775807");
    }

    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "999,999 B",
        "1000,1.00 kB",
        "999499,999 kB",
        "999500,1.00 MB",
        "12345678,12.3 MB",
        "9223372036854775807,9223 PB"
    })
    void isWritten(long bytes, String text) {
        assertThat(ByteCount.format(bytes)).isEqualTo(text);
    }
}
