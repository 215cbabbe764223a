package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `undocker diff`: what it returns, and what it reads.
class DiffCommandTest {
    @TempDir private Path directory;

    private static final LayerBuilder BASE =
            layer().file("etc/hosts", "1").mtime(5, 0).file("srv/a", "1").file("srv/b", "2");
    private static final LayerBuilder TOP = layer().whiteout("srv").file("etc/hosts", "2");

    private Path archive(String name, ImageBuilder image) throws IOException {
        return image.docker(Dialect.SAVE).tar(directory.resolve(name));
    }

    @Test
    void oneImageInTwoFormsIsTheSame() throws IOException {
        ImageBuilder image = image(BASE.toBytes(), TOP.toBytes());
        Path layout = Files.createDirectory(directory.resolve("layout"));
        image.packed(Packing.GZIP).oci().directory(layout);
        Undocker.Result result =
                CommandLineRun.of("diff", "--times", archive("a.tar", image), layout);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.output()).isEmpty();
        assertThat(result.errors()).isEmpty();
    }

    @Test
    void whatIsDifferentIsTold() throws IOException {
        Path base = archive("a.tar", image(BASE.toBytes()));
        Path changed = archive("b.tar", image(BASE.toBytes(), TOP.toBytes()));
        Undocker.Result result = CommandLineRun.of("diff", base, changed);
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);
        assertThat(result.text()).isEqualTo("C etc/hosts (content)\nD srv (2 names below)\n");
        assertThat(CommandLineRun.of("diff", "-r", changed, base).text())
                .isEqualTo("C etc/hosts (content)\nA srv\nA srv/a\nA srv/b\n");
        assertThat(CommandLineRun.of("diff", "--times", base, changed).text())
                .startsWith("C etc/hosts (content, time)\n");
        Undocker.Result json = CommandLineRun.of("diff", "--json", base, changed);
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.text().lines()).hasSize(4);
        json.text().lines().forEach(line -> JsonSchemas.check("diff.json", line));
    }

    @Test
    void configsAreComparedWhereThatIsWanted() throws IOException {
        ImageBuilder image = image(BASE.toBytes()).config("Cmd", List.of("a", "b"));
        Path one =
                archive(
                        "a.tar",
                        image.config("Env", List.of("A=1", "B=x y"))
                                .config("Labels", Map.of("l", "1")));
        Path other =
                archive(
                        "b.tar",
                        image.config("Env", List.of("A=1", "B=\u001b"))
                                .config("Cmd", List.of("b", "a"))
                                .config("User", "web"));
        assertThat(CommandLineRun.of("diff", one, other).exitCode()).isZero();
        assertThat(CommandLineRun.of("diff", "--config", one, one).exitCode()).isZero();
        Undocker.Result result = CommandLineRun.of("diff", "--config", one, other);
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);
        assertThat(result.text())
                .isEqualTo(
                        """
                        config command (-a, -b, +b, +a)
                        config environment (-'B=x y', +'B='$'\\033')
                        config user (+web)
                        config labels (-'l=1')
                        """);
        Undocker.Result json = CommandLineRun.of("diff", "--config", "--json", one, other);
        assertThat(json.exitCode()).isEqualTo(1);
        assertThat(json.text().lines()).hasSize(4);
        json.text().lines().forEach(line -> JsonSchemas.check("diff.json", line));
    }

    /// 1 is an answer; nothing is said of images that are not what they say they are.
    @Test
    void troubleIsAnotherCode() throws IOException {
        Path good = archive("a.tar", image(BASE.toBytes()));
        assertThat(CommandLineRun.of("diff", good, directory.resolve("none.tar")).exitCode())
                .isEqualTo(2);
        assertThat(CommandLineRun.of("diff", good).exitCode()).isEqualTo(2);
        Undocker.Result twice = CommandLineRun.of("diff", "-", "-");
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.errors()).startsWith("undocker: only one image can be standard input");
        byte[] damaged = Files.readAllBytes(good);
        int at = new String(damaged, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("srv/a");
        damaged[at + 4] = 'x';
        Undocker.Result result =
                CommandLineRun.of(
                        "diff", good, Files.write(directory.resolve("damaged.tar"), damaged));
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
    }
}
