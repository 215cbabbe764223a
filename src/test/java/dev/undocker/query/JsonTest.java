package dev.undocker.query;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.runtime.HostileText;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class JsonTest {
    private static String name(byte[] name) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.generator(out)) {
            json.writeStartObject();
            Json.name(json, "name", name);
            json.writeEndObject();
        }
        return out.toString(UTF_8);
    }

    @Test
    void nothingThatATerminalObeysIsThere() throws IOException {
        String all = "\u001b\u007f\u009b\u202e\u00e9\ud83d\udc33\n";

        String document = name(all.getBytes(UTF_8));

        assertThat(document).matches("[ -~]*");
        assertThat(new ObjectMapper().readTree(document).at("/name").asText()).isEqualTo(all);
        assertThat(document).doesNotContain("Base64");
    }

    /// As jq reads them, an answer a line.
    @Test
    void hostileNamesStayNames(@TempDir Path directory) throws Exception {
        List<String> names = HostileText.many(10_000);
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(name(name.getBytes(UTF_8))).append('\n');
        }
        assertThat(lines.toString()).matches("[\n -~]*");
        Path file = Files.writeString(directory.resolve("lines"), lines);
        String read =
                Undocker.program(Requirements.tool("jq"), "-j", ".name + \"\\u0000\"", file)
                        .succeed()
                        .text();
        assertThat(read.split("\0"))
                .containsExactly(
                        names.stream()
                                .map(name -> new String(name.getBytes(UTF_8), UTF_8))
                                .toArray(String[]::new));
    }

    @Test
    void bytesThatAreNoTextStandBeside() throws IOException {
        assertThat(name("caf\u00e9".getBytes(ISO_8859_1)))
                .isEqualTo("{\"name\":\"caf\\uFFFD\",\"nameBase64\":\"Y2Fm6Q==\"}");
    }
}
