package dev.undocker.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageNameTest {
    @ParameterizedTest
    @CsvSource({
        "busybox,docker.io/library/busybox:latest",
        "busybox:1,docker.io/library/busybox:1",
        "me/app,docker.io/me/app:latest",
        "docker.io/busybox,docker.io/library/busybox:latest",
        "index.docker.io/library/busybox,docker.io/library/busybox:latest",
        "localhost/app:2,localhost/app:2",
        "localhost:5000/app,localhost:5000/app:latest",
        "registry.example/a/b:c,registry.example/a/b:c",
        "busybox@sha256:ab,docker.io/library/busybox@sha256:ab",
        "busybox:1@sha256:ab,docker.io/library/busybox:1@sha256:ab"
    })
    void longForm(String name, String expected) {
        assertThat(ImageName.normalize(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "docker.io/library/busybox:latest,busybox:latest",
        "docker.io/me/app:1,me/app:1",
        "docker.io/busybox@sha256:ab,busybox@sha256:ab",
        "docker.io/library/a/b:1,library/a/b:1",
        "docker.io/library/library:1,library:1",
        "docker.io/library/a.b/c:1,library/a.b/c:1",
        "docker.io/a.b/c:1,docker.io/a.b/c:1",
        "library/busybox,library/busybox",
        "quay.io/library/app,quay.io/library/app"
    })
    void shortForm(String name, String expected) {
        assertThat(ImageName.shorten(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "busybox,busybox,,",
        "busybox:1,busybox,1,",
        "busybox@sha256:ab,busybox,,sha256:ab",
        "busybox:1@sha256:ab,busybox,1,sha256:ab",
        "localhost:5000/app,localhost:5000/app,,",
        "[::1]:5000/app:1,[::1]:5000/app,1,",
        "latest,latest,,"
    })
    void parts(String name, String repository, String tag, String digest) {
        assertThat(ImageName.split(name)).isEqualTo(new ImageName(repository, tag, digest));
    }
}
