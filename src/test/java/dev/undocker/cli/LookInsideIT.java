package dev.undocker.cli;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LayerBuilder.Piece;
import dev.undocker.testing.LayerBuilder.SparseForm;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `undocker ls` and `undocker cat` beside ls and cat in the tree that `undocker dir` makes.
@Timeout(300)
class LookInsideIT {
    private static final long TIME = 1_700_000_000;

    @TempDir private Path directory;
    private Path image;

    private static LayerBuilder base() {
        return layer().dir("rich")
                .mtime(TIME)
                .file("rich/plain", "some text\n")
                .mtime(TIME + 61, 500)
                .file("rich/set-id", "#!/bin/sh\n")
                .mode(06755)
                .owner(1000, 4_000_000_000L)
                .file("rich/set-id without x", "")
                .mode(07644)
                .file("rich/it's", "")
                .mtime(-1)
                .file("rich/\u00e4\n\033[31mred", "latin\n")
                .hardLink("rich/hard", "rich/plain")
                .symlink("rich/link", "/rich/it's a \033target")
                .fifo("rich/fifo")
                .file("rich/large", "x".repeat(100_000))
                .mode(0)
                .sparse(SparseForm.PAX_1_0, "rich/sparse", 50_000, new Piece(20_000, "data"))
                .dir("sub")
                .dir("sub/deeper")
                .mode(01777)
                .file("sub/deeper/x", "old")
                .file("sub-x", "1")
                .symlink("to-sub", "sub/deeper")
                .symlink("up", "/../../rich/plain");
    }

    private static LayerBuilder top() {
        return layer().file("sub/deeper/x", "new\n").whiteout("sub-x").file("added", "2");
    }

    private static ImageBuilder builder() {
        return ImageBuilder.image(base().toBytes(), top().toBytes()).tag("x:1");
    }

    @BeforeEach
    void makeImage() throws Exception {
        image = builder().docker(Dialect.SAVE).tar(directory.resolve("image.tar"));
    }

    private Path tree() throws Exception {
        Path tree = directory.resolve("tree");
        if (!Files.exists(tree)) {
            Undocker.command("dir", image, tree).succeed();
        }
        return tree;
    }

    private String shell(Path in, String script) throws Exception {
        return new String(
                Undocker.program(Requirements.tool("sh"), "-c", script)
                        .in(in)
                        .with("LC_ALL", "C")
                        .with("TZ", "UTC")
                        .succeed()
                        .output(),
                ISO_8859_1);
    }

    private static String text(Undocker command) throws Exception {
        return new String(command.succeed().output(), ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"rich", "rich/plain up to-sub rich/fifo", "-d rich sub"})
    void linesAreThoseOfLs(String arguments) throws Exception {
        Requirements.root();
        String ls =
                shell(
                        tree(),
                        "ls -Aln --time-style=long-iso " + arguments + " | grep -v '^total '");

        String ours = text(command(("ls " + image + " " + arguments).split(" ")));

        assertThat(withoutSizes(ours)).isEqualTo(withoutSizes(ls));
        if (!arguments.startsWith("-d")) {
            assertThat(ours).isEqualTo(ls);
        }
    }

    @Test
    void severalDirectoriesHaveHeadings() throws Exception {
        Requirements.root();
        String ls =
                shell(
                        tree(),
                        "ls -Aln --time-style=long-iso sub/deeper rich added to-sub/"
                                + " | grep -v '^total '");

        String ours = text(Undocker.command("ls", image, "sub/deeper", "rich", "added", "to-sub/"));
        // for the files ls makes room for the directories' sizes, too
        assertThat(withoutSizes(ours)).isEqualTo(withoutSizes(ls));
    }

    /// A directory's size is its file system's.
    private static String withoutSizes(String listing) {
        return listing.replaceAll("(?m)^(d\\S+(?: +\\d+){3}) +\\d+ ", "$1 0 ")
                .replaceAll(" +", " ");
    }

    @Test
    void namesAreQuotedOnATerminal() throws Exception {
        Requirements.root();
        Requirements.tool("script");
        String ls =
                shell(
                        tree(),
                        "LC_ALL=C.UTF-8 ls -Aln --time-style=long-iso --quoting-style=shell-escape"
                                + " rich | grep -v '^total '");

        assertThat(onTerminal("ls", image, "rich")).isEqualTo(ls);
    }

    @Test
    void contentReachesATerminalAsText() throws Exception {
        Requirements.tool("script");
        byte[] layer = layer().file("f", "\303\244\t\033]0;title\007\n\u009b\u202e").toBytes();
        Path other = ImageBuilder.image(layer).docker(Dialect.SAVE).tar(directory.resolve("t.tar"));

        assertThat(onTerminal("cat", other, "f")).startsWith("\303\244\t^[]0;title^G\n");
        assertThat(Undocker.command("cat", other, "f").succeed().text())
                .startsWith("\u00e4\t\033]0;title\007\n");
    }

    private String onTerminal(Object... arguments) throws Exception {
        StringBuilder line = new StringBuilder();
        Undocker.command(arguments).command().forEach(word -> line.append(word).append(' '));
        Path record = directory.resolve("record");
        Undocker.program(Requirements.tool("script"), "-qec", line + "--progress none", record)
                .with("LC_ALL", "C.UTF-8")
                .succeed();
        // between the lines that script adds
        String shown = Files.readString(record, ISO_8859_1).replace("\r\n", "\n");
        return shown.substring(shown.indexOf('\n') + 1, shown.lastIndexOf("\nScript done"));
    }

    /// As ls shows it on a terminal, whatever the locale, also one that is not installed.
    @ParameterizedTest
    @ValueSource(strings = {"C", "C.UTF-8", "xx_YY.ISO-8859-1"})
    void aNameInAnotherEncodingCanBeTyped(String locale) throws Exception {
        Requirements.tool("script");
        String name =
                onTerminal("ls", image, "-R", "rich")
                        .lines()
                        .map(LookInsideIT::name)
                        .filter(line -> line.contains("red"))
                        .findFirst()
                        .orElseThrow();
        assertThat(name).isEqualTo("'rich/'$'\\344\\n\\033''[31mred'");

        assertThat(typed(locale, "cat IMAGE " + name)).isEqualTo("latin\n");
        assertThat(typed(locale, "ls IMAGE " + name)).endsWith(" rich/\u00e4\n\033[31mred\n");
        assertThat(typed(locale, "explain IMAGE " + name)).startsWith(name + " is in the image: ");
        String pattern = name.replace('[', '?');
        assertThat(typed(locale, "rootfs IMAGE - --include " + pattern + " | tar -xO"))
                .isEqualTo("latin\n");
    }

    private String typed(String locale, String line) throws Exception {
        return text(
                Undocker.program(
                                Requirements.tool("bash"),
                                "-c",
                                Undocker.launcher() + " " + line.replace("IMAGE", image.toString()))
                        .with("LC_ALL", locale));
    }

    /// Only what has to be kept of contents needs a temporary file.
    @ParameterizedTest
    @ValueSource(strings = {"ls IMAGE sub", "explain IMAGE sub", "inspect --layers IMAGE"})
    void namesNeedNoTemporaryFile(String words) throws Exception {
        Path packed = builder().packed(Packing.GZIP).oci().directory(directory.resolve("layout"));
        for (Path each : List.of(image, packed)) {
            command(words.replace("IMAGE", each.toString()).split(" "))
                    .with("TMPDIR", directory.resolve("none").toString())
                    .succeed();
        }
    }

    @Test
    void everythingIsAPathALine() throws Exception {
        String all = text(Undocker.command("ls", "-R", image).with("LC_ALL", "C"));

        assertThat(all.lines().filter(line -> line.contains("sub")).map(LookInsideIT::name))
                .containsExactly("sub", "sub/deeper", "sub/deeper/x", "to-sub -> sub/deeper");
        assertThat(text(Undocker.command("ls", "-R", image, "/sub")).lines())
                .map(LookInsideIT::name)
                .containsExactly("/sub", "/sub/deeper", "/sub/deeper/x");
    }

    private static String name(String line) {
        return line.replaceFirst("^.*? \\d\\d:\\d\\d ", "");
    }

    @Test
    void layersStandInFront() throws Exception {
        assertThat(text(Undocker.command("ls", "--layer", image, "sub/deeper/x", "rich/plain")))
                .isEqualTo(
                        """
                        1 -rw-r--r-- 2 0 0 10 2023-11-14 22:14 rich/plain
                        2 -rw-r--r-- 1 0 0  4 1970-01-01 00:00 sub/deeper/x
                        """);
        assertThat(text(Undocker.command("ls", "--json", "--layer", image, "added")))
                .contains("\"layer\":2,", "\"layerDiffId\":\"sha256:");
    }

    @Test
    void whatIsNotThereIsSaidAndTheRestListed() throws Exception {
        Undocker.Result result = Undocker.command("ls", image, "none", "added").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).isEqualTo("undocker: none: no such file or directory\n");
        assertThat(result.text()).endsWith(" added\n");
    }

    @ParameterizedTest
    @EnumSource(Packing.class)
    void contentIsThatOfTheFiles(Packing packing) throws Exception {
        Path packed =
                builder().packed(packing).oci().directory(directory.resolve("layout-" + packing));

        byte[] content =
                Undocker.command("cat", packed, "up", "rich/sparse", "to-sub/x", "rich/large")
                        .succeed()
                        .output();

        assertThat(new String(content, ISO_8859_1))
                .isEqualTo(
                        "some text\n"
                                + "\0".repeat(20_000)
                                + "data"
                                + "\0".repeat(29_996)
                                + "new\n"
                                + "x".repeat(100_000));
    }

    @Test
    void onlyFilesHaveContent() throws Exception {
        Undocker.Result result =
                Undocker.command("cat", image, "rich", "rich/fifo", "no", "added").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text()).isEqualTo("2");
        assertThat(result.errors())
                .isEqualTo(
                        """
                        undocker: rich: is a directory
                        undocker: rich/fifo: is a FIFO and has no content
                        undocker: no: no such file or directory
                        """);
    }

    @Test
    void nothingOfADamagedImageIsPrinted() throws Exception {
        byte[] bytes = Files.readAllBytes(image);
        int at = new String(bytes, ISO_8859_1).indexOf("some text");
        bytes[at] = 'S';
        Files.write(image, bytes);

        Undocker.Result result = Undocker.command("cat", image, "rich/plain").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.output()).isEmpty();
        assertThat(result.errors()).contains("does not match its diffID");
        assertThat(Undocker.command("cat", "--no-verify", image, "rich/plain").succeed().text())
                .isEqualTo("Some text\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ls -R IMAGE", "ls -R --json IMAGE", "cat IMAGE 1"})
    void aReaderThatHasGoneNeedsNoWord(String words) throws Exception {
        LayerBuilder many = layer();
        for (int i = 0; i < 10_000; i++) {
            many.file(Integer.toString(i), i == 1 ? "x\n".repeat(1_000_000) : "");
        }
        Path large =
                ImageBuilder.image(many.toBytes()).docker(Dialect.SAVE).tar(directory.resolve("l"));
        Path errors = directory.resolve("errors");
        Process process =
                new ProcessBuilder(
                                "bash",
                                "-c",
                                "%s %s 2>%s | head -1; exit ${PIPESTATUS[0]}"
                                        .formatted(
                                                Undocker.launcher(),
                                                words.replace("IMAGE", large.toString()),
                                                errors))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(141);
        assertThat(errors).isEmptyFile();
    }

    @Test
    void readmeShowsWhatIsPrinted() throws Exception {
        for (String name : List.of("ls", "ls-json", "cat")) {
            String command = Readme.commands(name).strip();
            assertThat(text(command(command.replaceFirst("^undocker ", "").split(" "))))
                    .as(command)
                    .isEqualTo(Readme.output(name));
        }
    }

    private static Undocker command(String... words) {
        return Undocker.command((Object[]) words);
    }
}
