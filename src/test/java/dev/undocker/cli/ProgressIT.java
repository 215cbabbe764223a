package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.testing.FileSet;
import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The bar, on a terminal of script(1).
@Timeout(180)
class ProgressIT {
    @TempDir private Path directory;
    private FileSet files;
    private Path image;

    @BeforeEach
    void writeTheImage() throws IOException {
        files = ImageBuilder.image(LargeLayer.bytes()).docker(Dialect.SAVE);
        image = files.tar(directory.resolve("image.tar"));
    }

    /// A run that takes seconds.
    private static String slowly(Object... imageAndOut) {
        return line("--compress", "xz", "--level", "0", imageAndOut[0], imageAndOut[1]);
    }

    private static String line(Object... arguments) {
        List<Object> words = new ArrayList<>(List.of("rootfs"));
        words.addAll(List.of(arguments));
        return Undocker.command(words.toArray()).command().stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    }

    /// What the terminal gets of a command line of the shell.
    private Screen terminal(String command) throws Exception {
        return terminal(command, "");
    }

    /// @param typed once the bar is there
    private Screen terminal(String command, String typed) throws Exception {
        Instant begun = Instant.now();
        ProcessBuilder script =
                new ProcessBuilder(
                        Requirements.tool("script").toString(), "-qec", command, "/dev/null");
        script.environment().put("NO_COLOR", "1");
        Process process = script.start();
        StringBuilder text = new StringBuilder();
        String left = typed;
        try (InputStream screen = process.getInputStream()) {
            byte[] piece = new byte[4096];
            for (int count = screen.read(piece); count >= 0; count = screen.read(piece)) {
                text.append(new String(piece, 0, count, UTF_8));
                if (!left.isEmpty() && text.indexOf("%") >= 0) {
                    process.getOutputStream().write(left.getBytes(ISO_8859_1));
                    process.getOutputStream().flush();
                    left = "";
                }
            }
        }
        return new Screen(
                text.toString(), process.waitFor(), Duration.between(begun, Instant.now()));
    }

    private record Screen(String text, int exitCode, Duration time) {
        /// What was drawn, one over the other.
        List<String> bars() {
            return Stream.of(text.split("[\r\n]+")).filter(line -> line.contains("%")).toList();
        }

        void assertResultAlone(Path made) {
            assertThat(left()).hasSize(2);
            assertThat(left().getFirst()).startsWith("undocker: made " + made + ", ");
            assertThat(left().getLast()).isEmpty();
        }

        /// What is to be read in the end: of each line what was written last at each place.
        List<String> left() {
            List<String> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            int at = 0;
            for (char c : text.toCharArray()) {
                if (c == '\r') {
                    at = 0;
                } else if (c == '\n') {
                    lines.add(line.toString().stripTrailing());
                    line.setLength(0);
                    at = 0;
                } else {
                    line.setLength(Math.max(line.length(), at + 1));
                    line.setCharAt(at++, c);
                }
            }
            lines.add(line.toString().stripTrailing());
            return lines;
        }
    }

    @Test
    void aBarThatIsGoneInTheEnd() throws Exception {
        Path out = directory.resolve("out.tar.xz");
        Screen screen = terminal(slowly(image, out));
        assertThat(screen.exitCode()).as(screen.text()).isZero();
        assertThat(screen.bars())
                .hasSizeBetween(3, (int) screen.time().toMillis() / 100 + 1)
                .allMatch(bar ->
                        bar.matches(
                                "(verify|compress) +\\[=* *] +\\d+%"
                                        + "  \\S+ .?B of 25.2 MB(, .*)? *"))
                .anyMatch(bar -> bar.startsWith("compress"))
                .anyMatch(bar -> bar.contains("B/s, ") && bar.contains(" s left"));
        assertThat(screen.text()).doesNotContain("\u001b");
        screen.assertResultAlone(out);
        assertThat(out).isRegularFile();
    }

    @Test
    void aNarrowTerminal() throws Exception {
        Screen screen = terminal("stty cols 24; " + slowly(image, directory.resolve("out.tar.xz")));
        assertThat(screen.exitCode()).as(screen.text()).isZero();
        assertThat(screen.bars()).hasSizeGreaterThan(2).allMatch(bar -> bar.length() < 24);
        screen.assertResultAlone(directory.resolve("out.tar.xz"));
    }

    @Test
    void messagesStandByThemselves() throws Exception {
        String name =
                files.names().stream()
                        .filter(file -> file.endsWith("/layer.tar"))
                        .findFirst()
                        .orElseThrow();
        byte[] other = files.content(name);
        other[other.length / 2] ^= 1;
        Path damaged = files.file(name, other).tar(directory.resolve("damaged.tar"));
        Screen screen = terminal(slowly(damaged, directory.resolve("out.tar.xz")));
        assertThat(screen.exitCode()).isEqualTo(1);
        assertThat(screen.bars()).isNotEmpty();
        assertThat(screen.left().getFirst()).startsWith("undocker: layer 1 ");
    }

    @Test
    void anInterruptionIsExplained() throws Exception {
        Path out = Files.writeString(directory.resolve("out.tar"), "older");
        Screen screen = terminal(slowly(image, out), "\u0003");
        assertThat(screen.exitCode()).as(screen.text()).isEqualTo(130);
        assertThat(screen.left())
                .containsExactly("undocker: interrupted: " + out + ": is as it was before", "");
        assertThat(out).hasContent("older");
        Path fresh = directory.resolve("fresh.tar");
        assertThat(terminal(slowly(image, fresh), "\u0003").left())
                .containsExactly(
                        "undocker: interrupted: " + fresh + ": what was written is removed", "");
        assertThat(fresh).doesNotExist();
    }

    @Test
    void aShortRunHasNoBar() throws Exception {
        Path small = Files.write(directory.resolve("small.tar"), HelloImage.bytes());
        Screen screen = terminal(line("--no-sync", small, directory.resolve("out.tar")));
        assertThat(screen.exitCode()).isZero();
        assertThat(screen.bars()).isEmpty();
        screen.assertResultAlone(directory.resolve("out.tar"));
    }

    /// It is standard error that counts.
    @Test
    void noBarInAFile() throws Exception {
        Path errors = directory.resolve("errors");
        Screen screen =
                terminal(slowly(image, directory.resolve("out.tar.xz")) + " 2>'" + errors + "'");
        assertThat(screen.exitCode()).isZero();
        assertThat(screen.text()).isEmpty();
        assertThat(errors).isEmptyFile();
    }

    @Test
    void noBarWhereItIsNotWanted() throws Exception {
        String wanted = slowly(image, directory.resolve("out.tar.xz"));
        Screen quiet = terminal(wanted.replace("'rootfs'", "rootfs -q"));
        assertThat(quiet.exitCode()).isZero();
        assertThat(quiet.text()).isEmpty();
        Screen still = terminal(wanted.replace("'rootfs'", "rootfs --progress=none"));
        assertThat(still.bars()).isEmpty();
        still.assertResultAlone(directory.resolve("out.tar.xz"));
    }
}
