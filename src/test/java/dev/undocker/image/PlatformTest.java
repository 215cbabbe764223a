package dev.undocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        assertThatThrownBy(() -> Platform.parse(text)).hasMessage(text + ": not a platform");
    }

    @Test
    void theHostRunsLinux() {
        assertThat(Platform.host().os()).isEqualTo("linux");
        assertThat(Platform.host().architecture()).isNotEmpty();
    }
}
