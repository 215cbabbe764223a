package dev.undocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "linux/arm64,linux/arm64,true,true",
        "linux/arm64,linux/arm64/v8,true,true",
        "linux/arm64/v8,linux/arm64,true,true",
        "linux/arm64/v9,linux/arm64,false,false",
        "linux/arm,linux/arm/v6,true,false",
        "linux/arm,linux/arm/v7,true,true",
        "linux/arm/v6,linux/arm/v7,false,false",
        "linux/amd64,linux/amd64/v3,true,false",
        "linux/amd64,linux/386,false,false",
        "linux/amd64,windows/amd64,false,false",
        "linux/riscv64,linux/riscv64,true,true"
    })
    void acceptance(String wanted, String offered, boolean accepts, boolean prefers) {
        Platform platform = Platform.parse(wanted);
        assertThat(platform.accepts(Platform.parse(offered))).isEqualTo(accepts);
        assertThat(platform.prefers(Platform.parse(offered))).isEqualTo(prefers);
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
