package dev.undocker.query;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class NameQuotingTest {
    /// What random names are made of: letters, all that is special anywhere, text of several
    /// scripts, and bytes that are no UTF-8 alone.
    private static final List<byte[]> PIECES = pieces();

    private static final int NAMES = 4_000;

    @ParameterizedTest
    @CsvSource({"C.UTF-8, UTF_8", "C, ASCII"})
    void namesAreQuotedAsLsQuotesThem(String locale, NameQuoting quoting, @TempDir Path directory)
            throws Exception {
        List<byte[]> names = names().filter(NameQuotingTest::isQuotedWellByEveryLs).toList();

        assertQuotedAs(listed(names, locale, directory), names, quoting);
    }

    @Test
    void aShellReadsWhatIsQuotedAsTheName(@TempDir Path directory) throws Exception {
        Requirements.tool("bash");
        List<byte[]> names = names().toList();
        List<byte[]> words = new ArrayList<>();
        names.forEach(name -> words.add(NameQuoting.UTF_8.quoted(name)));
        names.forEach(name -> words.add(NameQuoting.ASCII.quoted(name)));
        Path script = directory.resolve("script");
        Files.write(script, "printf '%s\\0' ".getBytes(UTF_8));
        Files.write(script, joined(words, ' '), StandardOpenOption.APPEND);

        String read = output(directory, "C.UTF-8", "bash " + script);

        String expected = new String(joined(names, 0), ISO_8859_1);
        assertThat(read).isEqualTo(expected + expected);
    }

    @Test
    void everyByteAloneIsQuotedAsLsQuotesIt(@TempDir Path directory) throws Exception {
        List<byte[]> names =
                IntStream.range(1, 256)
                        .filter(b -> b != '/' && b != '.')
                        .mapToObj(b -> new byte[] {(byte) b})
                        .toList();

        assertQuotedAs(listed(names, "C.UTF-8", directory), names, NameQuoting.UTF_8);
    }

    /// ls shows these as they are, and so what follows in another order, or with something in it
    /// that nobody sees.
    @ParameterizedTest
    @ValueSource(ints = {0x202e, 0x2066, 0x200f, 0x061c, 0x200b, 0xfeff, 0xe0041, 0xe000, 0xad})
    void whatChangesHowOtherTextLooksIsEscaped(int point) {
        byte[] name = ("a" + Character.toString(point) + "b").getBytes(UTF_8);

        byte[] quoted = NameQuoting.UTF_8.quoted(name);

        assertThat(new String(quoted, UTF_8)).matches("'a'\\$'(\\\\[0-7]{3})+''b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0085", "\u009b31m", "\033[31m", "\u2028", "\u2029"})
    void noControlReachesTheTerminal(String name) {
        byte[] quoted = NameQuoting.UTF_8.quoted(name.getBytes(UTF_8));

        assertThat(new String(quoted, UTF_8)).matches("''\\$'(\\\\[0-7]{3})+'.*");
    }

    @Test
    void aNameThatNeedsNoQuotesStaysTheSameArray() {
        byte[] name = "plain-näme_1.txt".getBytes(UTF_8);

        assertThat(NameQuoting.UTF_8.quoted(name)).isSameAs(name);
    }

    @Test
    void otherReadersGetTheBytes() {
        byte[] name = {'a', '\n', (byte) 0xff, 0x1b};

        assertThat(NameQuoting.LITERAL.quoted(name)).isSameAs(name);
    }

    private static Stream<byte[]> names() {
        Random random = new Random(7);
        Set<String> names = new LinkedHashSet<>();
        while (names.size() < NAMES) {
            ByteArrayOutputStream name = new ByteArrayOutputStream();
            for (int i = random.nextInt(6); i >= 0; i--) {
                name.writeBytes(PIECES.get(random.nextInt(PIECES.size())));
            }
            if (!Set.of(".", "..").contains(name.toString(ISO_8859_1))) {
                names.add(name.toString(ISO_8859_1));
            }
        }
        return names.stream().map(name -> name.getBytes(ISO_8859_1));
    }

    /// Some versions, coreutils 9.1 among them, make something else of names with an apostrophe
    /// that end with what is escaped.
    private static boolean isQuotedWellByEveryLs(byte[] name) {
        return !new String(name, ISO_8859_1).contains("'")
                || (name[name.length - 1] > ' ' && name[name.length - 1] < 0x7f);
    }

    private static List<byte[]> pieces() {
        List<byte[]> pieces = new ArrayList<>();
        for (int b = 1; b < 0x80; b++) {
            if (b != '/') {
                pieces.add(new byte[] {(byte) b});
            }
        }
        for (String often : List.of("'", "'", "'", "'", "a", "bc", " ", "#", "~", "{", "\n")) {
            pieces.add(often.getBytes(UTF_8));
        }
        for (String text : List.of("é", "e\u0301", "ß", "λ", "Ж", "漢", "한", "あ", "😀", "€")) {
            pieces.add(text.getBytes(UTF_8));
        }
        for (int b : new int[] {0x80, 0x9b, 0xa0, 0xbf, 0xc0, 0xc3, 0xe2, 0xed, 0xf0, 0xf8, 0xff}) {
            pieces.add(new byte[] {(byte) b});
        }
        // the beginnings of longer characters, an overlong slash, half of a surrogate pair
        pieces.add(Arrays.copyOf("€".getBytes(UTF_8), 2));
        pieces.add(Arrays.copyOf("😀".getBytes(UTF_8), 3));
        pieces.add(new byte[] {(byte) 0xc0, (byte) 0xaf});
        pieces.add(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80});
        return pieces;
    }

    private static byte[] joined(List<byte[]> names, int end) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] name : names) {
            all.writeBytes(name);
            all.write(end);
        }
        return all.toByteArray();
    }

    private static void assertQuotedAs(
            List<String> expected, List<byte[]> names, NameQuoting quoting) {
        assertThat(expected).hasSameSizeAs(names);
        for (int i = 0; i < names.size(); i++) {
            assertThat(new String(quoting.quoted(names.get(i)), ISO_8859_1))
                    .as(HexFormat.of().formatHex(names.get(i)))
                    .isEqualTo(expected.get(i));
        }
    }

    /// What ls makes of names, in their order.
    private static List<String> listed(List<byte[]> names, String locale, Path directory)
            throws Exception {
        Requirements.tools("ls", "xargs");
        Path list = Files.write(directory.resolve("list"), joined(names, 0));
        String script =
                "xargs -0 mkdir -- < %1$s; xargs -0 ls -dU1 --quoting-style=shell-escape -- < %1$s";
        Path place = Files.createDirectory(directory.resolve("names"));
        return output(place, locale, script.formatted(list)).lines().toList();
    }

    private static String output(Path directory, String locale, String script) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-ec", script)
                        .directory(directory.toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("LC_ALL", locale);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), ISO_8859_1);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
