package dev.undocker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;

class ConfigDocumentTest {
    private static ImageConfig parse(String json) {
        List<String> warnings = new ArrayList<>();
        ImageConfig config = parse(json, warnings);
        assertThat(warnings).isEmpty();
        return config;
    }

    private static ImageConfig parse(String json, List<String> warnings) {
        return ConfigDocument.parse("config", json.getBytes(UTF_8), warnings::add);
    }

    @Test
    void everythingThatAnImageSays() {
        String diffId = Digest.sha256(new byte[0]).toString();
        ImageConfig config =
                parse(
                        """
                        {"os": "linux", "architecture": "arm", "variant": "v7",
                         "created": "2026-01-01T00:00:00Z", "author": "me", "history": [{}],
                         "config": {
                           "User": "1:2", "WorkingDir": "/srv", "StopSignal": "SIGINT",
                           "Entrypoint": ["a", "b c"], "Cmd": ["", "d"],
                           "Env": ["Z=1", "A=", "A=é", "odd"],
                           "Volumes": {"/z": {}, "/a": null},
                           "ExposedPorts": {"80/tcp": {}},
                           "Labels": {"z": "1", "a": ""},
                           "Unknown": 7
                         },
                         "rootfs": {"type": "layers", "diff_ids": ["%s", "%s"]}}
                        """
                                .formatted(diffId, diffId));
        assertThat(config.platform()).isEqualTo(new Platform("linux", "arm", "v7"));
        assertThat(config.created()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(config.author()).isEqualTo("me");
        assertThat(config.process().user()).isEqualTo("1:2");
        assertThat(config.process().workingDir()).isEqualTo("/srv");
        assertThat(config.process().stopSignal()).isEqualTo("SIGINT");
        assertThat(config.process().entrypoint()).containsExactly("a", "b c");
        assertThat(config.process().cmd()).containsExactly("", "d");
        assertThat(config.process().env()).containsExactly("Z=1", "A=", "A=é", "odd");
        assertThat(config.volumes()).containsExactly("/z", "/a");
        assertThat(config.exposedPorts()).containsExactly("80/tcp");
        assertThat(config.labels()).hasToString("{z=1, a=}");
        assertThat(config.diffIds()).hasSize(2).containsOnly(Digest.parse(diffId));
    }

    @Test
    void nothingIsNeeded() {
        for (String json :
                new String[] {
                    "{}",
                    "{\"config\":null,\"rootfs\":null,\"os\":null,\"variant\":\"\"}",
                    """
                    {"config":{"Env":null,"Cmd":null,"Entrypoint":null,"Volumes":null,
                     "ExposedPorts":null,"Labels":null,"User":null,"WorkingDir":null,
                     "StopSignal":null},"rootfs":{"diff_ids":null}}
                    """
                }) {
            ImageConfig config = parse(json);
            assertThat(config.platform()).isEqualTo(new Platform("linux", "unknown", null));
            assertThat(config.process())
                    .isEqualTo(
                            new ImageConfig.Process(
                                    java.util.List.of(),
                                    java.util.List.of(),
                                    java.util.List.of(),
                                    "",
                                    "",
                                    null));
            assertThat(config.volumes()).isEmpty();
            assertThat(config.labels()).isEmpty();
            assertThat(config.diffIds()).isEmpty();
        }
    }

    @Test
    void aStringIsACommandLineOfOneWord() {
        ImageConfig config = parse("{\"config\":{\"Entrypoint\":\"a b\",\"Cmd\":\"c\"}}");
        assertThat(config.process().entrypoint()).containsExactly("a b");
        assertThat(config.process().cmd()).containsExactly("c");
    }

    /// As encoding/json of Go reads them, with which docker, podman and containerd do.
    @Test
    void keysMayDifferInCase() {
        List<String> warnings = new ArrayList<>();
        String diffId = Digest.sha256(new byte[0]).toString();
        ImageConfig config =
                parse(
                        """
                        {"OS": "linux", "config": {"user": "web", "cmd": ["a"], "ENV": ["A=b"]},
                         "rootfS": {"diff_ids": ["%s"]}}
                        """
                                .formatted(diffId),
                        warnings);
        assertThat(config.process().user()).isEqualTo("web");
        assertThat(config.process().cmd()).containsExactly("a");
        assertThat(config.process().env()).containsExactly("A=b");
        assertThat(config.diffIds()).hasSize(1);
        assertThat(warnings)
                .containsExactlyInAnyOrder(
                        "config: the key OS is read as os",
                        "config: the key user is read as User",
                        "config: the key cmd is read as Cmd",
                        "config: the key ENV is read as Env",
                        "config: the key rootfS is read as rootfs");
    }

    @Test
    void theExactKeyPrevails() {
        assertThat(
                        parse("{\"config\":{\"User\":\"a\",\"user\":\"b\",\"USER\":\"c\"}}")
                                .process()
                                .user())
                .isEqualTo("a");
    }

    /// Unicode folds the long s and the Kelvin sign into ASCII, and no Turkish letter.
    @ParameterizedTest
    @CsvSource({"U\u017fer,web", "u\u017fER,web", "\u0131ser,''", "Us\u0435r,''"})
    void keysAreFoldedAsUnicodeSays(String key, String user) {
        String json = "{\"config\":{\"%s\":\"web\"}}".formatted(key);
        assertThat(parse(json, new ArrayList<>()).process().user()).isEqualTo(user);
    }

    @Test
    void turkishLettersAreNoAsciiOnes() {
        String json = "{\"config\":{\"Work\u0131ngDir\":\"/x\",\"Work\u0130ngDir\":\"/y\"}}";
        assertThat(parse(json).process().workingDir()).isEmpty();
    }

    /// Names of labels are the image's own.
    @Test
    void keysOfMapsKeepTheirCase() {
        assertThat(parse("{\"config\":{\"Labels\":{\"a\":\"1\",\"A\":null}}}").labels())
                .hasToString("{a=1, A=}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7                                       | config: not an object",
                "{\"os\":7}                              | config: os: not a string",
                "{\"config\":[]}                         | config: config: not an object",
                "{\"config\":{\"Env\":\"A=b\"}}          | config: config: Env: not an array",
                "{\"config\":{\"Env\":[7]}}              | config: config: Env[0]: not a string",
                "{\"config\":{\"User\":0}}               | config: config: User: not a string",
                "{\"config\":{\"Volumes\":[\"/a\"]}}     | config: config: Volumes: not an object",
                "{\"config\":{\"Labels\":{\"a\":1}}}     | config: config: Labels: a: not a string",
                "{\"rootfs\":{\"diff_ids\":[\"sha256:x\"]}}"
                        + "| config: rootfs: diff_ids[0]: sha256:x: not a digest",
                "{\"rootfs\":{\"diff_ids\":[\"md5:x\"]}}"
                        + "| config: rootfs: diff_ids[0]: md5:x: not a digest that can be checked"
                        + " (sha256 and sha512 can)",
                "{\"os\":\"a\",\"os\":\"b\"}"
                        + "| config: not valid JSON: line 1, column 15: Duplicate field 'os'",
                "''                                      | config: empty"
            })
    void whatIsWrongIsNamed(String json, String sentence) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(UndockerException.class)
                .hasMessage(sentence);
    }

    @Test
    void oddNumbersDoNoHarm() {
        assertThat(parse("{\"x\":[1e999999999,-0,123456789012345678901234567890,1.5,true]}"))
                .isEqualTo(parse("{}"));
    }

    @Test
    void trailingBytesAndDepthAreRefused() {
        assertThatThrownBy(() -> parse("{} {}")).hasMessageStartingWith("config: not valid JSON: ");
        assertThatThrownBy(() -> parse("[".repeat(100_000)))
                .hasMessageStartingWith("config: not valid JSON: ");
    }
}
