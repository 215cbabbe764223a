package dev.undocker.query;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

class VisibleTextTest {
    @Test
    void bytesBecomeVisibleAsCatShowsThem(@TempDir Path directory) throws Exception {
        byte[] bytes = new byte[10_000];
        new Random(3).nextBytes(bytes);
        Path file = Files.write(directory.resolve("bytes"), bytes);
        byte[] expected = Undocker.program(Requirements.tool("cat"), "-v", file).succeed().output();

        assertThat(shown(bytes, false, bytes.length)).isEqualTo(expected);
    }

    @Test
    void textStaysHoweverItIsCut() throws IOException {
        byte[] text = "a\tä€😀\nλ".getBytes(UTF_8);

        for (int piece = 1; piece <= text.length; piece++) {
            assertThat(shown(text, true, piece)).isEqualTo(text);
        }
    }

    @Test
    void controlsOfAnyEncodingBecomeVisible() throws IOException {
        byte[] text = "\033[31m\u009b1m\u202e\r\u007f".getBytes(UTF_8);

        assertThat(new String(shown(text, true, 2), UTF_8))
                .isEqualTo("^[[31mM-BM-^[1mM-bM-^@M-.^M^?");
    }

    @Test
    void aCharacterThatNeverEndsIsShown() throws IOException {
        assertThat(new String(shown(new byte[] {'a', (byte) 0xe2, (byte) 0x82}, true, 1), UTF_8))
                .isEqualTo("aM-bM-^B");
    }

    private static byte[] shown(byte[] text, boolean utf8, int piece) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        VisibleText visible = new VisibleText(out, utf8);
        for (int at = 0; at < text.length; at += piece) {
            visible.write(text, at, Math.min(piece, text.length - at));
        }
        visible.flush();
        return out.toByteArray();
    }
}
