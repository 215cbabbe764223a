package dev.undocker.source.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

class DockerHostTest {
    @TempDir private Path home;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void goHome() {
        environment.put("HOME", home.toString());
    }

    private String found() {
        return new DockerHost(environment::get, home.resolve("docker.sock"), warnings::add)
                .find()
                .toString()
                .replace(home.toString(), "");
    }

    private UndockerException failure() {
        return catchThrowableOfType(UndockerException.class, this::found);
    }

    private void context(String name, String host) throws Exception {
        String digest = Digest.sha256(name.getBytes(UTF_8)).hex();
        Path meta = Files.createDirectories(home.resolve(".docker/contexts/meta/" + digest));
        Files.writeString(
                meta.resolve("meta.json"),
                """
                {"Name":"%s","Metadata":{},"Endpoints":{"docker":{"Host":"%s","SkipTLSVerify":false}}}
                """
                        .formatted(name, host));
    }

    private void config(String json) throws IOException {
        Files.createDirectories(home.resolve(".docker"));
        Files.writeString(home.resolve(".docker/config.json"), json);
    }

    @Test
    void theSocketOfThisMachine() {
        assertThat(found()).isEqualTo("unix:///docker.sock");
        environment.put("DOCKER_HOST", "");
        environment.put("DOCKER_CONTEXT", "");
        assertThat(found()).isEqualTo("unix:///docker.sock");
    }

    @Test
    void theUsersOwnDaemon() throws IOException {
        Path runtime = Files.createDirectory(home.resolve("runtime"));
        environment.put("XDG_RUNTIME_DIR", runtime.toString());
        assertThat(found()).isEqualTo("unix:///docker.sock");
        Files.createFile(runtime.resolve("docker.sock"));
        assertThat(found()).isEqualTo("unix:///runtime/docker.sock");
        Files.createFile(home.resolve("docker.sock"));
        assertThat(found()).isEqualTo("unix:///docker.sock");
    }

    @Test
    void hostBeforeContextBeforeConfig() throws Exception {
        context("one", "unix:///one.sock");
        context("two", "unix:///two.sock");
        config("{\"auths\":{},\"currentContext\":\"one\"}");
        assertThat(found()).isEqualTo("unix:///one.sock");
        environment.put("DOCKER_CONTEXT", "two");
        assertThat(found()).isEqualTo("unix:///two.sock");
        environment.put("DOCKER_CONTEXT", "default");
        assertThat(found()).isEqualTo("unix:///docker.sock");
        environment.put("DOCKER_HOST", "unix:///three.sock");
        assertThat(found()).isEqualTo("unix:///three.sock");
        assertThat(warnings).isEmpty();
    }

    @Test
    void anotherConfiguration() throws Exception {
        context("one", "unix:///one.sock");
        config("{\"currentContext\":\"one\"}");
        Files.move(home.resolve(".docker"), home.resolve("elsewhere"));
        assertThat(found()).isEqualTo("unix:///docker.sock");
        environment.put("DOCKER_CONFIG", home.resolve("elsewhere").toString());
        assertThat(found()).isEqualTo("unix:///one.sock");
    }

    @Test
    void aContextThatIsNone() throws Exception {
        environment.put("DOCKER_CONTEXT", "gone");
        assertThat(failure()).hasMessage("docker context gone: no such context");
        assertThat(failure().hint()).isEqualTo("docker context ls shows what there is");
        environment.put("DOCKER_CONTEXT", "../../gone");
        assertThat(failure()).hasMessageEndingWith("no such context");
    }

    /// It may have passwords in it.
    @Test
    void aBrokenConfigIsSaidAndNotQuoted() throws IOException {
        config("{\"auths\":{\"x\":{\"auth\":secret");
        assertThat(found()).isEqualTo("unix:///docker.sock");
        assertThat(warnings).hasSize(1);
        assertThat(warnings.getFirst()).contains("config.json").doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://there, tcp://there:2375, ''",
        "tcp://there:1234/, tcp://there:1234, ''",
        "there:1234, tcp://there:1234, ''",
        "http://10.0.0.1:80, tcp://10.0.0.1:80, ''",
        "'tcp://[::1]:5', 'tcp://[::1]:5', ''",
        "tcp://there, tcp://there:2376, DOCKER_TLS_VERIFY",
        "tcp://there, tcp://there:2376, DOCKER_TLS",
        "tcp://there:5, tcp://there:5, DOCKER_TLS",
        "https://there, tcp://there:2376, ''",
        "unix:///x, unix:///x, DOCKER_TLS_VERIFY",
    })
    void inTheNetwork(String host, String found, String variable) {
        environment.put("DOCKER_HOST", host);
        environment.put(variable, "1");
        assertThat(found()).isEqualTo(found);
    }

    @Test
    void certificatesThatAreNone() throws IOException {
        Files.createDirectories(home.resolve("certs"));
        Files.writeString(home.resolve("certs/cert.pem"), "x");
        environment.put("DOCKER_HOST", "tcp://there");
        environment.put("DOCKER_CERT_PATH", home.resolve("certs").toString());
        assertThat(found()).isEqualTo("tcp://there:2375");
        environment.put("DOCKER_TLS_VERIFY", "1");
        assertThat(failure()).hasMessageEndingWith("cert.pem: no certificate in PEM");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tcp://u:secret@there:1",
                "tcp://u:se/c@ret@there:1",
                "tcp://:secret@there:1",
                "u:secret@tcp://there:1",
            })
    void aPasswordIsNotShown(String host) {
        environment.put("DOCKER_HOST", host);
        assertThat(failure()).hasMessage("DOCKER_HOST: tcp://there:1: not supported");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh://me@there",
                "fd://",
                "npipe:////./pipe/docker_engine",
                "ftp://x",
                "tcp://",
                "tcp://a b",
                "tcp://there:99999",
                "tcp://there:0",
                "tcp://192.168.1",
                "unix://x",
                "tcp://a/b"
            })
    void whatCannotBeTalkedTo(String host) {
        environment.put("DOCKER_HOST", host);
        assertThat(failure()).hasMessage("DOCKER_HOST: %s: not supported".formatted(host));
        assertThat(failure().hint()).contains("docker save and podman save");
    }
}
