package dev.undocker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerNameTest {
    @ParameterizedTest
    @CsvSource({
        "docker.io/library/nginx:1.25, nginx-1.25",
        "nginx:latest, nginx",
        "nginx@sha256:0123, nginx",
        "localhost:5000/my_app:v1_2, my-app-v1-2",
        "a..b, a.b",
        "-._, container",
        "é, container",
        "app.previous, app-previous",
    })
    void imagesGiveNames(String image, String expected) {
        assertThat(ContainerName.ofImage(image).text()).isEqualTo(expected);
    }

    @Test
    void hostileImagesGiveNamesToo() {
        HostileText text = new HostileText(1);
        for (int i = 0; i < 2000; i++) {
            assertThat(ContainerName.ofImage(text.word() + "a".repeat(i % 100)).text())
                    .matches("[A-Za-z0-9.-]{1,64}")
                    .doesNotContain("..");
        }
    }

    @Test
    void nobodyTakesTheNameOfAReplacedMachine() {
        assertThatThrownBy(() -> new ContainerName("app.previous"))
                .hasMessage(
                        "name app.previous: ends in .previous, as that of a replaced machine does");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "-a", "a-", "a..b", "a b", "a#b", "a\nb"})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> new ContainerName(name))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("not a container's name");
    }
}
