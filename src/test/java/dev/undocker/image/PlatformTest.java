package dev.undocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.OptionalInt;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/arm64,linux/arm64,0",
        "linux/arm64,linux/arm64/v8,0",
        "linux/arm64/v8,linux/arm64,0",
        "linux/arm64/v9,linux/arm64,1",
        "linux/arm64/v8,linux/arm64/v9,",
        "linux/arm64,linux/arm64/v9,2147483647",
        "linux/arm,linux/arm/v6,1",
        "linux/arm,linux/arm/v7,0",
        "linux/arm,linux/arm/v8,2147483647",
        "linux/arm/v7,linux/arm,0",
        "linux/arm/v7,linux/arm/v6,1",
        "linux/arm/v7,linux/arm/v5,2",
        "linux/arm/v7,linux/arm/v8,",
        "linux/arm/v6,linux/arm/v7,",
        "linux/arm/v6,linux/arm,",
        "linux/amd64,linux/amd64/v3,2147483647",
        "linux/amd64/v3,linux/amd64/v2,1",
        "linux/amd64/v3,linux/amd64,2",
        "linux/amd64,linux/386,",
        "linux/amd64,windows/amd64,",
        "linux/mips/odd,linux/mips,",
        "linux/riscv64,linux/riscv64,0"
    })
    void distances(String wanted, String offered, @Nullable Integer distance) {
        Platform platform = Platform.parse(wanted);
        OptionalInt expected = distance == null ? OptionalInt.empty() : OptionalInt.of(distance);
        assertThat(platform.distance(Platform.parse(offered))).isEqualTo(expected);
        assertThat(platform.accepts(Platform.parse(offered))).isEqualTo(distance != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux/amd64", "linux/arm/v7"})
    void writtenAsRead(String text) {
        assertThat(Platform.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux//v7"})
    void notAPlatform(String text) {
        assertThatThrownBy(() -> Platform.parse(text))
                .hasMessage(text + ": not a platform: write OS/ARCH or OS/ARCH/VARIANT");
    }

    @ParameterizedTest
    @CsvSource({"arm64,linux/arm64", "x86_64,linux/amd64", "linux,linux/arm64"})
    void anArchitectureAloneIsAnsweredWithThePlatform(String text, String platform) {
        assertThatThrownBy(() -> Platform.parse(text))
                .isInstanceOfSatisfying(
                        UndockerException.class,
                        e -> assertThat(e.hint()).isEqualTo("for example " + platform));
    }

    @ParameterizedTest
    @CsvSource({
        "linux/x86_64,linux/amd64",
        "linux/x86-64,linux/amd64",
        "linux/aarch64,linux/arm64",
        "linux/aarch64/v8,linux/arm64/v8",
        "linux/armhf,linux/arm/v7",
        "linux/armel,linux/arm/v6",
        "linux/i386,linux/386"
    })
    void otherWordsForAnArchitecture(String text, String platform) {
        assertThat(Platform.parse(text)).hasToString(platform);
    }

    @Test
    void theHostRunsLinux() {
        assertThat(Platform.host().os()).isEqualTo("linux");
        assertThat(Platform.host().architecture()).isNotEmpty();
    }
}
