package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcConfigWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Undocker;

import org.example.listing.ListingWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Options, arguments and what is said about wrong ones.
class CommandLineTest {
    @TempDir private Path directory;
    private Path image;

    @BeforeEach
    void writeImage() throws IOException {
        image =
                image(layer().dir("etc").file("etc/hosts", "x").file("bin/sh", "y").toBytes())
                        .docker(Dialect.SAVE)
                        .tar(directory.resolve("image.tar"));
    }

    /// Words are separated by spaces; IMAGE and OUT stand for paths that would do.
    private Undocker.Result run(String line) {
        Object[] words =
                List.of(line.isEmpty() ? new String[0] : line.split(" ")).stream()
                        .map(word -> word.equals("EMPTY") ? "" : word)
                        .map(word -> word.replace("IMAGE", image.toString()))
                        .map(word -> word.replace("OUT", directory.resolve("out").toString()))
                        .toArray();
        return CommandLineRun.with(List.of(new RootfsWriter(), new ListingWriter()), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "--frobnicate",
                "rootfs",
                "rootfs IMAGE",
                "rootfs IMAGE OUT more",
                "rootfs --frobnicate IMAGE OUT",
                "rootfs EMPTY OUT",
                "rootfs IMAGE EMPTY",
                "rootfs --compress lzma IMAGE OUT",
                "rootfs --compress bzip2 IMAGE OUT",
                "rootfs --compress gzip --level 10 IMAGE OUT",
                "rootfs --compress gzip --level x IMAGE OUT",
                "rootfs --compress none --level 1 IMAGE OUT",
                "rootfs --level 1 IMAGE OUT",
                "rootfs --level 1 IMAGE OUT.tar",
                "rootfs --level 30 IMAGE OUT.tar.zst",
                "rootfs IMAGE OUT.tar.bz2",
                "rootfs IMAGE OUT.zip",
                "rootfs IMAGE OUT.SquashFS",
                "rootfs IMAGE OUT.gz",
                "rootfs --level 3 IMAGE OUT.gz",
                "rootfs --compress none IMAGE OUT.tar.gz",
                "rootfs --compress zstd IMAGE OUT.txz",
                "convert IMAGE -o listing:OUT -o rootfs:OUT.tar.lz4",
                "rootfs --threads 0 IMAGE OUT",
                "rootfs --threads many IMAGE OUT",
                "rootfs --platform sparc IMAGE OUT",
                "rootfs --include [ IMAGE OUT",
                "rootfs --exclude ../x IMAGE OUT",
                "rootfs oci: OUT",
                "rootfs docker-archive: OUT",
                "rootfs docker-archive:IMAGE: OUT",
                "rootfs ostree:busybox OUT",
                "rootfs bild-\ufffd.tar OUT",
                "rootfs IMAGE aus-\ufffd.tar",
                "convert IMAGE",
                "convert IMAGE -o",
                "convert IMAGE -o OUT",
                "convert IMAGE -o rootfs:",
                "convert IMAGE -o frobnicate:OUT",
                "convert IMAGE -o rootfs,frobnicate:OUT",
                "convert IMAGE -o rootfs,compress=lzma:OUT",
                "convert IMAGE -o rootfs,level=x,compress=xz:OUT",
                "convert IMAGE -o listing,bullet,x:OUT",
                "convert IMAGE -o listing,:OUT",
                "convert IMAGE -o listing,bullet=x\\:OUT",
                "convert IMAGE -o rootfs:OUT -o rootfs:OUT",
                "convert IMAGE -o rootfs:OUT -o listing:OUT/../out",
                "convert IMAGE -o rootfs:- -o listing:/dev/stdout"
            })
    void wrongUsage(String line) throws IOException {
        Undocker.Result result = run(line);
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
        assertThat(result.output()).isEmpty();
        Workplace.Refusal.of(result.errors());
        assertThat(Workplace.names(directory)).containsExactly("image.tar");
    }

    /// None of them could take its place there.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bundle,volumes=bind\\:OUT bundle,volumes=bind\\:OUT/.",
                "bundle,volumes=bind\\:OUT lxc,volumes=bind\\:OUT",
                "nspawn,volumes=bind\\:OUT,trusted-settings=OUT/x bundle,volumes=bind\\:OUT",
                "nspawn,trusted-settings=OUT/x nspawn,trusted-settings=OUT/x",
                "nspawn,trusted-settings=OUT/2 bundle"
            })
    void outputsThatMeetBesideTheirDestinations(String kinds) throws IOException {
        Path out = Files.createDirectory(directory.resolve("out"));
        String[] each = kinds.replace("OUT", out.toString()).split(" ");
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(new BundleWriter(), new LxcWriter(), new NspawnWriter()),
                        "convert",
                        image,
                        "-o",
                        each[0] + ":" + out.resolve("1"),
                        "-o",
                        each[1] + ":" + out.resolve("2"));
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
        assertThat(result.errors()).contains(out.toString(), ": two outputs go there");
        assertThat(out).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"OUT", "DIR/./out", "LINK"})
    void theProcessHasAPlaceOfItsOwn(String file) throws IOException {
        Path out = Files.createFile(directory.resolve("out"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), out);
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(new RootfsWriter()),
                        "rootfs",
                        "--process-file",
                        file.replace("OUT", out.toString())
                                .replace("DIR", directory.toString())
                                .replace("LINK", link.toString()),
                        image,
                        out);
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
        assertThat(result.errors()).contains(": two outputs go there");
        assertThat(out).isEmptyFile();
    }

    /// What is wrong with the image's process is said before there is an image.
    @ParameterizedTest
    @ValueSource(strings = {"bundle", "incus", "lxc", "lxcconfig", "nspawn"})
    void wrongProcess(String writer) {
        for (List<String> option :
                List.of(
                        List.of("--env", ""),
                        List.of("--env", "=x"),
                        List.of("--stop-signal", "NOPE"),
                        List.of("--cmd", "[\"a\""),
                        List.of("--cmd", "[\"a\"] b"),
                        List.of("--entrypoint", "[not json"),
                        List.of("--entrypoint", "[null]"),
                        List.of("--entrypoint", "["))) {
            Undocker.Result result =
                    CommandLineRun.with(
                            List.of(
                                    new BundleWriter(),
                                    new IncusWriter(),
                                    new LxcWriter(),
                                    new LxcConfigWriter(),
                                    new NspawnWriter()),
                            writer,
                            option.getFirst(),
                            option.getLast(),
                            directory.resolve("no-image"),
                            directory.resolve("out"));
            assertThat(result.exitCode()).as(result.errors()).isEqualTo(2);
            assertThat(Workplace.Refusal.of(result.errors()).sentence())
                    .startsWith(option.getFirst());
        }
    }

    @Test
    void hintsNameWhatThereIs() {
        assertThat(run("").errors())
                .isEqualTo("undocker: a command is missing\nhint: undocker --help\n");
        assertThat(run("frobnicate IMAGE OUT").errors())
                .isEqualTo("undocker: frobnicate: no such command\nhint: undocker --help\n");
        assertThat(run("rootfs --frobnicate IMAGE OUT").errors())
                .isEqualTo(
                        "undocker: --frobnicate: no such option\nhint: undocker rootfs --help\n");
        assertThat(run("rootfs --level x IMAGE OUT").errors())
                .isEqualTo(
                        "undocker: --level x: not a whole number\n"
                                + "hint: undocker rootfs --help\n");
        assertThat(run("convert IMAGE -o rootfs,frobnicate:OUT").errors())
                .startsWith("undocker: --output rootfs,frobnicate:")
                .endsWith(": --frobnicate: no such option\n");
        assertThat(run("convert IMAGE -o frobnicate:OUT").errors())
                .isEqualTo("undocker: --output frobnicate: is not one of listing, rootfs\n");
    }

    @ParameterizedTest
    @CsvSource({
        "rootf IMAGE OUT,                    rootfs",
        "ROOTFS IMAGE OUT,                   ",
        "convrt IMAGE OUT,                   convert",
        "lxc-config IMAGE OUT,               lxcconfig",
        "rootfs --compres gzip IMAGE OUT,    --compress",
        "rootfs --compres=gzip IMAGE OUT,    --compress",
        "rootfs --noverify IMAGE OUT,        --no-verify",
        "rootfs --inclde x IMAGE OUT,        --include",
        "rootfs --frobnicate IMAGE OUT,      "
    })
    void slipsOfThePen(String line, @Nullable String meant) {
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(new RootfsWriter(), new LxcConfigWriter(), new LxcWriter()),
                        (Object[]) line.split(" "));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(Workplace.Refusal.of(result.errors()).hint())
                .matches(meant == null ? "undocker.* --help" : "did you mean " + meant + "\\?");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rootfs --compress gz IMAGE OUT | did you mean gzip?",
                "rootfs --compress zst IMAGE OUT | did you mean zstd?",
                "rootfs --compress zip IMAGE OUT | did you mean gzip?",
                "rootfs --progress plan IMAGE OUT | did you mean plain?",
                "rootfs --tls-verify tru IMAGE OUT | did you mean true?",
                "rootfs --platform arm IMAGE OUT | for example linux/arm",
                "convert IMAGE -o rootf:OUT | did you mean rootfs?",
                "convert IMAGE -o rootfs,compres=xz:OUT | did you mean compress?",
                "convert IMAGE -o rootfs,compress=gz:OUT | did you mean gzip?",
                "convert IMAGE -o image.tar | a tar is --output rootfs:image.tar",
                "rootfs ocii:layout OUT | did you mean oci:layout?",
                "rootfs docker-archiv:x.tar OUT | did you mean docker-archive:x.tar?",
            })
    void wordsThatAreNearlyRight(String line, String hint) {
        Undocker.Result result = run(line);
        assertThat(result.exitCode()).isNotZero();
        assertThat(Workplace.Refusal.of(result.errors()).hint()).isEqualTo(hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run --rm nginx | undocker starts nothing: undocker bundle IMAGE DIRECTORY writes"
                        + " what runc run starts, and nspawn, lxc, incus are for others",
                "pull nginx | a registry is asked when it is needed: undocker rootfs docker://NAME"
                        + " OUT",
                "save -o x.tar nginx | a tar is undocker rootfs IMAGE OUT",
                "rootfs --rm nginx x.tar | undocker starts no container: write undocker rootfs"
                        + " nginx x.tar",
                "rootfs -t nginx x.tar | undocker starts no container: write undocker rootfs nginx"
                        + " x.tar",
                "rootfs nginx -o x.tar | where it goes is the last word: write undocker rootfs"
                        + " nginx x.tar",
                "lxcconfig -e A=1 nginx x | did you mean --env?",
                "cat --number nginx f | undocker cat --help",
                "docker.io/nginx | an image comes behind a command: undocker rootfs"
                        + " docker.io/nginx OUT",
                "rootfs nginx | write undocker rootfs nginx OUT",
                "rootfs | write undocker rootfs IMAGE OUT",
                "rootfs nginx latest x.tar | write undocker rootfs nginx latest",
                "convert nginx | write undocker convert nginx -o KIND[,OPTION[=VALUE]…]:DEST",
                "rootfs nginx:latest x.tar | in a registry? write docker://nginx:latest",
                "rootfs docker.io/nginx x.tar | in a registry? write docker://docker.io/nginx",
                "rootfs nginx:1.29 x.tar | in a registry? write docker://nginx:1.29",
            })
    void habitsFromDocker(String line, String hint) {
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(new RootfsWriter(), new LxcConfigWriter()),
                        (Object[]) line.split(" "));
        assertThat(result.exitCode()).isNotZero();
        assertThat(Workplace.Refusal.of(result.errors()).hint()).isEqualTo(hint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rootfs IMAGE DIR | name a file in it",
                "rootfs IMAGE 'DIR/a b/out' | make it first: mkdir -p 'DIR/a b'",
                "dir IMAGE DIR/none/out | make it first: mkdir -p DIR/none",
                "dir IMAGE IMAGE.too | choose another name, or remove it first",
                "dir IMAGE - | undocker rootfs writes a tar there",
                "rootfs IMAGE oci://host/name | an output is a path: undocker writes no images",
                "incus --force IMAGE DIR/x.tar | a file is replaced without it",
                "incus --split --compress gzip IMAGE DIR/x | leave out --compress",
                "bundle --volumes bind:DIR/v IMAGE DIR/x | make it first: mkdir -p DIR/v",
            })
    void whatTheUserCanDo(String line, String hint) throws IOException {
        Files.createFile(directory.resolve("image.tar.too"));
        Object[] words =
                Stream.of(line.split(" (?!b/)"))
                        .map(word ->
                                word.replace("'", "")
                                        .replace("IMAGE", image.toString())
                                        .replace("DIR", directory.toString()))
                        .toArray();
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(
                                new RootfsWriter(),
                                new DirectoryWriter(),
                                new IncusWriter(),
                                new BundleWriter()),
                        words);
        assertThat(result.exitCode()).isNotZero();
        assertThat(Workplace.Refusal.of(result.errors()).hint())
                .isEqualTo(hint.replace("DIR", directory.toString()));
    }

    @Test
    void outComesSecond() {
        Path out = directory.resolve("out");
        for (String meant : List.of(image.toString(), "docker-archive:x", "oci:layout")) {
            Undocker.Result result = CommandLineRun.of("rootfs", out, meant);
            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.errors())
                    .isEqualTo(
                            "undocker: %s: an image, where the output should go%n".formatted(meant)
                                    + "hint: IMAGE comes first: %s %s%n".formatted(meant, out));
        }
    }

    /// What an earlier run made is no image that came second.
    @Test
    void aMissingImageIsNotTakenForTheOutput() {
        assertThat(run("rootfs IMAGE OUT.tar").exitCode()).isZero();
        Undocker.Result result = run("rootfs no-image.tar OUT.tar");
        assertThat(result.errors())
                .isEqualTo("undocker: no-image.tar: no such file or directory\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "rootfs --help", "convert --help", "listing -h"})
    void help(String line) {
        Undocker.Result result = run(line);
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors()).isEmpty();
        assertThat(result.text()).startsWith("Usage: undocker").contains("--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "-V"})
    void version(String line) {
        Undocker.Result result = run(line);
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors()).isEmpty();
        assertThat(result.text()).matches("undocker [0-9]\\S+\n");
    }

    @Test
    void severalOutputs() {
        Undocker.Result result = run("convert IMAGE -o rootfs:OUT.tar -o listing,bullet=+:OUT:1");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        assertThat(directory.resolve("out.tar")).isNotEmptyFile();
        assertThat(directory.resolve("out:1")).hasContent("+/\n+etc\n+etc/hosts\n+bin\n+bin/sh\n");
    }

    @Test
    void quotedValues() {
        Undocker.Result result = run("convert IMAGE -o listing,bullet=-\\:\\,\\\\=:OUT");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(directory.resolve("out"))
                .hasContent("-:,\\=/\n-:,\\=etc\n-:,\\=etc/hosts\n-:,\\=bin\n-:,\\=bin/sh\n");
    }

    @Test
    void aWarningIsSaidOnceForAllOutputs() {
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(new LxcConfigWriter()),
                        "convert",
                        image,
                        "-o",
                        "lxcconfig:" + directory.resolve("a"),
                        "-o",
                        "lxcconfig:" + directory.resolve("b"));
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors().lines())
                .doesNotHaveDuplicates()
                .contains("undocker: warning: the image names no command: /bin/sh is used");
    }

    @Test
    void failureLeavesNoneOfTheOutputs() throws IOException {
        Undocker.Result result = run("convert IMAGE -o rootfs:OUT.tar -o listing:OUT/none/x");
        assertThat(result.exitCode()).isEqualTo(1);
        result = run("convert IMAGE -o rootfs:OUT.tar -o listing:/dev/full");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).endsWith("No space left on device\n");
        assertThat(Workplace.names(directory)).containsExactly("image.tar");
    }

    /// Also what Java calls an error is a failure like any other.
    @ParameterizedTest
    @CsvSource({
        "java.lang.OutOfMemoryError, undocker: out of memory: Java heap space",
        "java.lang.StackOverflowError, undocker: internal error: java.lang.StackOverflowError"
    })
    void errorsAreSentences(Class<? extends Error> type, String sentence) throws Exception {
        Undocker.Result result =
                CommandLineRun.with(
                        List.of(new RootfsWriter(), new FailingWriter(type)),
                        "convert",
                        image,
                        "-o",
                        "rootfs:" + directory.resolve("out.tar"),
                        "-o",
                        "failing:" + directory.resolve("out"));
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.errors()).startsWith(sentence).contains("\nhint: ").hasLineCount(2);
        assertThat(Workplace.names(directory)).containsExactly("image.tar");
    }

    @Test
    void includeAndExclude() {
        Undocker.Result result =
                run("listing --include etc --include b* --exclude **/sh IMAGE OUT");
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(directory.resolve("out")).hasContent("/\netc\netc/hosts\nbin\n");
    }

    /// Most likely a slip; with none at all, the output is all but empty.
    @Test
    void whatIncludesNothingIsSaid() {
        Undocker.Result result =
                run("listing --include etc --include /nosuch --include etc/h* IMAGE OUT");
        assertThat(result.exitCode()).isZero();
        assertThat(result.errors())
                .isEqualTo("undocker: warning: --include /nosuch: nothing in the image matches\n");
        result = run("listing --include etc/hosts --exclude etc --include bin IMAGE OUT");
        assertThat(result.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rootfs IMAGE OUT",
                "rootfs IMAGE OUT.x",
                "rootfs IMAGE OUT.TAR.XZ",
                "rootfs --compress gzip IMAGE OUT.tar",
                "rootfs --compress zstd IMAGE OUT.zst",
                "rootfs --compress none IMAGE OUT.img",
                "rootfs --compress xz IMAGE OUT.txz"
            })
    void namesThatDoNotContradict(String line) {
        Undocker.Result result = run(line);
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    @Test
    void oddNames() throws IOException {
        for (String name : List.of("-o", "--", "@file", "a b", "ü\n", "x:y", "~", "$HOME")) {
            Path odd = Files.createDirectory(directory.resolve(name)).resolve(name);
            Files.copy(image, odd);
            Path out = directory.resolve(name + ".out");
            Undocker.Result result = CommandLineRun.of("rootfs", "--", odd, out);
            assertThat(result.exitCode()).as(result.errors()).isZero();
            assertThat(out).isNotEmptyFile();
        }
    }
}
