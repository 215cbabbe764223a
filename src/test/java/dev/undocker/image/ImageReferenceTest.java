package dev.undocker.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.image.ImageReference.Detected;
import dev.undocker.image.ImageReference.DockerArchive;
import dev.undocker.image.ImageReference.OciArchive;
import dev.undocker.image.ImageReference.OciLayout;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    @Test
    void transports() {
        assertThat(ImageReference.parse("docker-archive:a.tar"))
                .isEqualTo(new DockerArchive("a.tar", null));
        assertThat(ImageReference.parse("docker-archive:a.tar:busybox:latest"))
                .isEqualTo(new DockerArchive("a.tar", "busybox:latest"));
        assertThat(ImageReference.parse("docker-archive:-:@1"))
                .isEqualTo(new DockerArchive("-", "@1"));
        assertThat(ImageReference.parse("oci:dir:1")).isEqualTo(new OciLayout("dir", "1"));
        assertThat(ImageReference.parse("oci-archive:/a/b.tar:x"))
                .isEqualTo(new OciArchive("/a/b.tar", "x"));
    }

    @Test
    void everythingElseIsAPath() {
        assertThat(ImageReference.parse("a.tar")).isEqualTo(new Detected("a.tar"));
        assertThat(ImageReference.parse("-").isStandardInput()).isTrue();
        assertThat(ImageReference.parse("./oci:x")).isEqualTo(new Detected("./oci:x"));
        assertThat(ImageReference.parse("C:x.tar")).isEqualTo(new Detected("C:x.tar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-archive:a:b:c", "oci:dir", "oci-archive:x:@0", "a.tar", "-"})
    void writtenAsRead(String text) {
        assertThat(ImageReference.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci:", "oci::x", "docker-archive:a:"})
    void incomplete(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text)).hasMessage(text + ": no image");
    }

    @Test
    void whatIsNotSupportedIsNamed() {
        assertThatThrownBy(() -> ImageReference.parse("sif:x.sif"))
                .isInstanceOf(UndockerException.class)
                .hasMessage("sif:x.sif: images from sif: are not supported");
        assertThatThrownBy(() -> ImageReference.parse("")).hasMessage("IMAGE is empty");
    }
}
