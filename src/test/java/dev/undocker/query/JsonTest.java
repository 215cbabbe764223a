package dev.undocker.query;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

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

    @Test
    void bytesThatAreNoTextStandBeside() throws IOException {
        assertThat(name("caf\u00e9".getBytes(ISO_8859_1)))
                .isEqualTo("{\"name\":\"caf\\uFFFD\",\"nameBase64\":\"Y2Fm6Q==\"}");
    }
}
