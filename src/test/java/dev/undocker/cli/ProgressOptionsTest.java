package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// How much a run says where nobody sits at a terminal.
class ProgressOptionsTest {
    private static final int CONTENT = 3_000_000;

    @TempDir private Path directory;
    private Path image;

    @BeforeEach
    void writeImage() throws IOException {
        image =
                ImageBuilder.image(layer().file("bin/sh", "x".repeat(CONTENT)).toBytes())
                        .packed(Packing.GZIP)
                        .oci()
                        .tar(directory.resolve("image.tar"));
    }

    private Undocker.Result run(Object... options) {
        Object[] arguments = new Object[options.length + 3];
        arguments[0] = "rootfs";
        System.arraycopy(options, 0, arguments, 1, options.length);
        arguments[options.length + 1] = image;
        arguments[options.length + 2] = directory.resolve("out.tar");
        return CommandLineRun.of(arguments);
    }

    /// The last line of each phase; of a slow run there are more.
    private static List<String> last(Undocker.Result result, String mark) {
        assertThat(result.exitCode()).isZero();
        return result.errors().lines().filter(line -> line.contains(mark)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--progress=auto", "--progress=none", "-q", "--no-verify"})
    void nothingWithoutATerminal(String option) {
        Undocker.Result result = run(option);
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void lines() {
        List<String> lines = last(run("--progress=plain"), ": done,");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .matches("undocker: decode: done, [0-9.]+ kB of [0-9.]+ kB, \\d+ s");
        assertThat(lines.get(1)).matches("undocker: write: done, 3.00 MB of 3.00 MB, \\d+ s");
        assertThat(lines.get(2)).matches("undocker: sync: done, \\d+ s");
    }

    @Test
    void objects() throws IOException {
        List<String> lines = last(run("--progress", "json"), "\"finished\":true");
        assertThat(lines).hasSize(3);
        JsonNode decode = new ObjectMapper().readTree(lines.get(0));
        assertThat(decode.get("phase").textValue()).isEqualTo("decode");
        assertThat(decode.get("done").longValue())
                .isPositive()
                .isEqualTo(decode.get("total").longValue());
        JsonNode write = new ObjectMapper().readTree(lines.get(1));
        assertThat(write.get("phase").textValue()).isEqualTo("write");
        assertThat(write.get("done").longValue()).isEqualTo(CONTENT);
        assertThat(write.get("total").longValue()).isEqualTo(CONTENT);
        assertThat(write.get("finished").booleanValue()).isTrue();
        assertThat(write.get("seconds").doubleValue()).isNotNegative();
        JsonNode sync = new ObjectMapper().readTree(lines.get(2));
        assertThat(sync.get("phase").textValue()).isEqualTo("sync");
        assertThat(sync.get("total").isNull()).isTrue();
    }

    /// Two writers of content are one phase, with the sum of both.
    @Test
    void severalOutputsAreOnePhase() throws IOException {
        List<String> lines =
                last(
                        CommandLineRun.of(
                                "convert",
                                "--progress=json",
                                image,
                                "-o",
                                "rootfs:" + directory.resolve("one.tar"),
                                "-o",
                                "rootfs:" + directory.resolve("two.tar")),
                        "\"finished\":true");
        assertThat(lines).hasSize(3);
        assertThat(new ObjectMapper().readTree(lines.get(1)).get("done").longValue())
                .isEqualTo(2 * CONTENT);
    }

    @Test
    void quietMeansFailuresAlone() {
        assertThat(run("--include", "nowhere").errors())
                .isEqualTo("undocker: warning: --include nowhere: nothing in the image matches\n");
        assertThat(run("--quiet", "--include", "nowhere").errors()).isEmpty();
        assertThat(run("-q", "--platform", "linux/s390x").errors()).startsWith("undocker: ");
    }

    /// Who asks for both wants no warnings in between.
    @Test
    void progressIsSaidEvenQuietly() {
        assertThat(run("-q", "--progress=json", "--include", "nowhere").errors().lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{"));
    }

    @Test
    void aLetterForVerbose() {
        assertThat(run("-v", "--platform", "linux/s390x").errors()).contains("\tat dev.undocker.");
        assertThat(run("--platform", "linux/s390x").errors()).doesNotContain("\tat ");
    }

    @Test
    void anotherWordIsRefused() {
        Undocker.Result result = run("--progress=loud");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.errors())
                .contains("--progress loud: is not one of auto, none, plain, json");
    }
}
