package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.output.OutputWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcConfigWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.testing.Endurance;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A damaged image is refused with one sentence and leaves nothing, or it gives the same output as
/// the whole one. Two things are covered by no digest. Damage there may change what an output says
/// of the image, never the root file system:
///
/// - [#NAMES]: what the image is called. Nobody can tell a damaged name from another one.
/// - A docker-archive's config, which is found by a name and not by a digest. That it is not the
///   one which its name promises is warned of.
class CorruptionTest {
    private static final List<OutputWriter> WRITERS =
            List.of(new RootfsWriter(), new LxcConfigWriter(), new IncusWriter());
    private static final String TAG = "corrupt:1";

    /// Keys and values of documents that no digest covers.
    private static final Pattern NAMES =
            Pattern.compile("\"RepoTags\":\\[[^]]*]|\"annotations\":\\{[^}]*}");

    private static final byte[] BASE =
            layer().dir("bin/").file("bin/sh", "program").mode(0755).toBytes();
    private static final byte[] TOP =
            layer().file("etc/motd", "hello ".repeat(50)).whiteout("bin/no").toBytes();

    private Path directory;
    private Workplace place;

    /// Decodes gzip by the library, however little there is.
    private static @Nullable CommandLineServer withLibrary;

    /// An image in files of one form: a tar, which may be compressed, or a directory.
    ///
    /// @param library true when the library for gzip shall read it
    private record Form(
            String name, FileSet files, Packing whole, boolean archive, boolean library) {
        Form(String name, FileSet files, Packing whole, boolean archive) {
            this(name, files, whole, archive, false);
        }

        Form withLibrary() {
            return new Form(name + ", by the library", files, whole, archive, true);
        }

        @Override
        public String toString() {
            return name;
        }

        /// The files that are damaged in turn, and their contents.
        TreeMap<String, byte[]> contents() {
            TreeMap<String, byte[]> contents = new TreeMap<>();
            if (archive) {
                contents.put("", whole.pack(files.tar()));
            } else {
                files.names().forEach(file -> contents.put(file, files.content(file)));
            }
            return contents;
        }
    }

    private static ImageBuilder built(Packing packing) {
        return image(BASE, TOP)
                .packed(packing)
                .config("Cmd", List.of("/bin/sh", "-c", "id"))
                .config("Env", List.of("PATH=/bin"));
    }

    static Stream<Form> forms() {
        List<Form> forms = new ArrayList<>();
        for (Packing packing : Packing.values()) {
            ImageBuilder image = built(packing).tag(TAG);
            String layers = ", layers " + packing;
            forms.add(new Form("OCI layout" + layers, image.oci(), Packing.NONE, false));
            forms.add(new Form("OCI archive" + layers, image.oci(), Packing.NONE, true));
            forms.add(
                    new Form(
                            "docker-archive" + layers,
                            image.docker(Dialect.SKOPEO),
                            Packing.NONE,
                            true));
        }
        for (Dialect dialect : List.of(Dialect.SAVE, Dialect.SAVE_BLOBS, Dialect.KANIKO)) {
            forms.add(
                    new Form(
                            "docker-archive of " + dialect,
                            built(Packing.NONE).tag(TAG).docker(dialect),
                            Packing.NONE,
                            true));
        }
        for (Packing whole : Packing.values()) {
            if (whole != Packing.NONE) {
                forms.add(
                        new Form(
                                "docker-archive in " + whole,
                                built(Packing.NONE).docker(Dialect.SKOPEO),
                                whole,
                                true));
            }
        }
        ImageBuilder packed = built(Packing.GZIP).tag(TAG);
        forms.add(
                new Form("OCI layout, layers gzip", packed.oci(), Packing.NONE, false)
                        .withLibrary());
        forms.add(
                new Form(
                                "docker-archive in gzip",
                                built(Packing.NONE).docker(Dialect.SKOPEO),
                                Packing.GZIP,
                                true)
                        .withLibrary());
        return forms.stream();
    }

    @AfterAll
    static void stop() {
        if (withLibrary != null) {
            withLibrary.close();
        }
    }

    @BeforeEach
    void makePlace() throws IOException {
        directory = Files.createTempDirectory(Endurance.memory(), "undocker-corruption");
        place = Workplace.in(directory);
    }

    @AfterEach
    void remove() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    @Timeout(600)
    void someDamageOfEachForm(Form form) throws IOException {
        damage(form, 30, 60);
    }

    @ParameterizedTest
    @MethodSource("forms")
    @Tag(Endurance.TAG)
    @Timeout(1800)
    void allDamageOfEachForm(Form form) throws IOException {
        damage(form, Integer.MAX_VALUE, Endurance.scaled(1000));
    }

    /// @param cuts at most, evenly distributed over multiples of 512 bytes
    /// @param changes at most, all bytes of the image if that is fewer
    private void damage(Form form, int cuts, int changes) throws IOException {
        if (form.library) {
            Requirements.library("libisal.so.2");
        }
        Path image = write(form);
        Damage damage = new Damage(form, image);
        int all = damage.contents.values().stream().mapToInt(content -> content.length).sum();
        for (var file : damage.contents.entrySet()) {
            byte[] whole = file.getValue();
            int step = 512 * Math.max(1, all / 512 / cuts);
            for (int length = 0; length < whole.length; length += step) {
                damage.check(file.getKey(), Arrays.copyOf(whole, length), length, whole.length);
            }
            damage.check(
                    file.getKey(),
                    Arrays.copyOf(whole, whole.length - 1),
                    whole.length - 1,
                    whole.length);
            SplittableRandom random = new SplittableRandom(whole.length);
            int stride = Math.max(1, all / changes);
            for (int at = random.nextInt(stride); at < whole.length; at += stride) {
                byte[] changed = whole.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                damage.check(file.getKey(), changed, at, at + 1);
            }
            damage.restore(file.getKey(), whole);
        }
        assertThat(damage.refused).isPositive();
    }

    private Path write(Form form) throws IOException {
        Path image = directory.resolve("image");
        return form.archive
                ? Files.write(image, form.whole.pack(form.files.tar()))
                : form.files.directory(image);
    }

    /// What the image becomes, all outputs in a row; null when it is refused.
    private Undocker.Result convert(Path image, boolean library) throws IOException {
        Object[] arguments = {
            "convert",
            "--no-sync",
            "--temp-dir",
            place.temporary(),
            image,
            "-o",
            "rootfs:" + place.outputs().resolve("fresh.tar"),
            "-o",
            "lxcconfig:" + place.outputs().resolve("fresh.conf"),
            "-o",
            "incus:" + place.outputs().resolve("fresh.incus")
        };
        if (!library) {
            return CommandLineRun.with(WRITERS, arguments);
        }
        if (withLibrary == null) {
            withLibrary = CommandLineServer.start(Map.of("UNDOCKER_LIBRARIES", "system"));
        }
        return withLibrary.run(arguments);
    }

    private List<String> converted(Path image, boolean library) throws IOException {
        Undocker.Result result = convert(image, library);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        assertThat(result.errors()).isEmpty();
        return taken();
    }

    private List<String> taken() throws IOException {
        List<String> outputs = new ArrayList<>();
        for (String name : List.of("fresh.tar", "fresh.conf", "fresh.incus")) {
            Path output = place.outputs().resolve(name);
            outputs.add(Files.readString(output, ISO_8859_1));
            Files.delete(output);
        }
        place.assertUntouched();
        return outputs;
    }

    private final class Damage {
        private final Form form;
        private final TreeMap<String, byte[]> contents;
        private final Path image;
        private final List<String> expected;
        private int refused;

        Damage(Form form, Path image) throws IOException {
            this.form = form;
            this.contents = form.contents();
            this.image = image;
            this.expected = converted(image, form.library);
        }

        void restore(String file, byte[] whole) throws IOException {
            Files.write(image.resolve(file), whole);
        }

        /// @param from where the damage begins
        /// @param to where it ends
        void check(String file, byte[] damaged, int from, int to) throws IOException {
            restore(file, damaged);
            Undocker.Result result = convert(image, form.library);
            String where = "%s, %s bytes %d to %d".formatted(form, file, from, to);
            try {
                if (result.exitCode() != 0) {
                    place.refusal(withoutWarnings(result));
                    refused++;
                    return;
                }
                List<String> outputs = taken();
                if (!outputs.equals(expected)) {
                    assertThat(outputs.getFirst()).isEqualTo(expected.getFirst());
                    assertThat(
                                    isNamed(file, from)
                                            || result.errors()
                                                    .contains(
                                                            "does not match the digest in its"
                                                                    + " name"))
                            .as("differs, and nothing is said but: %s", result.errors())
                            .isTrue();
                }
            } catch (AssertionError e) {
                throw new AssertionError(where + ": " + e.getMessage(), e);
            }
        }

        /// Warnings come before what ends the run.
        private static Undocker.Result withoutWarnings(Undocker.Result result) {
            String errors = result.errors();
            int last = errors.lastIndexOf("undocker: ");
            assertThat(errors.substring(0, Math.max(last, 0)).lines())
                    .allMatch(line -> line.startsWith("undocker: "));
            return new Undocker.Result(
                    result.exitCode(), result.output(), errors.substring(Math.max(last, 0)));
        }

        private boolean isNamed(String file, int at) {
            return NAMES.matcher(new String(contents.get(file), ISO_8859_1))
                    .results()
                    .anyMatch(named -> named.start() <= at && at < named.end());
        }
    }
}
