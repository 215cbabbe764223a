package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.codec.Compression;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.tar.RootfsWriter;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Random layer stacks through every writer: what its output holds at each path is what [Oracle]
/// says. Beside it there may be what a runtime needs, under names that no stack has.
class WriterModelTest {
    private static final int SOME = 25;
    private static final int MANY = 1500;

    /// An archive of its own needs much memory for its encoder.
    private static final int SLOWNESS_OF_XZ = 10;

    /// A path of a stack, after its type: see [LayerStacks].
    private static final Pattern OF_THE_STACK = Pattern.compile("^. (/|[abcL]+|\\\\xff)(/| |$)");

    private interface Reading {
        Listing read(Path destination) throws IOException;
    }

    /// @param form what the output can hold
    /// @param slowness how many times fewer stacks to try
    private record Written(
            OutputWriter writer,
            List<String> options,
            LayerStacks.Form form,
            Reading reading,
            int slowness) {
        @Override
        public String toString() {
            return writer.name() + " " + String.join(" ", options);
        }

        OutputWriter.Settings settings() {
            OutputWriter.Settings settings = writer.newSettings();
            CommandOptions.read(settings::declare, options.toArray(String[]::new));
            return settings;
        }
    }

    private static Written tar(OutputWriter writer, String file, String... options) {
        return new Written(
                writer,
                List.of(options),
                LayerStacks.Form.ANY,
                destination -> Listing.ofTar(decoded(destination.resolve(file))),
                file.endsWith(".xz") ? SLOWNESS_OF_XZ : 1);
    }

    private static Written tree(OutputWriter writer, String directory, String... options) {
        return new Written(
                writer,
                List.of(options),
                LayerStacks.Form.TREE,
                destination -> TreeReading.of(destination.resolve(directory)),
                1);
    }

    static Stream<Written> outputs() {
        return Stream.of(
                tar(new RootfsWriter(), "", "--compress", "none"),
                tar(new RootfsWriter(), "", "--compress", "none", "--dot-prefix"),
                tar(new RootfsWriter(), "", "--compress", "gzip", "--level", "1"),
                tar(new RootfsWriter(), "", "--compress", "zstd", "--level", "1"),
                tar(new RootfsWriter(), "", "--compress", "xz", "--level", "0"),
                tar(new LxcWriter(), "rootfs.tar.xz", "--level", "0"),
                tar(new IncusWriter(), "", "--compress", "none"),
                tar(new IncusWriter(), "rootfs.tar.xz", "--split"),
                tree(new DirectoryWriter(), ""),
                tree(new DirectoryWriter(), "", "--sparse"),
                tree(new NspawnWriter(), "test"),
                tree(new LxcWriter(), "test/rootfs", "--format", "dir"),
                tree(new BundleWriter(), "rootfs"));
    }

    private Path directory;

    @BeforeEach
    void owners() {
        Requirements.root();
    }

    @ParameterizedTest
    @MethodSource("outputs")
    @Timeout(600)
    void someStacks(Written output) throws Exception {
        compare(output, Math.max(SOME / output.slowness, 5));
    }

    @ParameterizedTest
    @MethodSource("outputs")
    @Tag(Endurance.TAG)
    @Timeout(36_000)
    void manyStacks(Written output) throws Exception {
        compare(output, Endurance.scaled(MANY / output.slowness));
    }

    private void compare(Written output, int stacks) throws Exception {
        directory = Files.createTempDirectory(Endurance.memory(), "undocker-writers");
        int equal = 0;
        try {
            for (long seed = 0; seed < stacks; seed++) {
                equal += isEqual(output, seed) ? 1 : 0;
                remove(false);
            }
        } finally {
            remove(true);
        }
        assertThat(equal).isGreaterThan(stacks / 3);
    }

    /// False when the stack has no meaning, which is another test's.
    private boolean isEqual(Written output, long seed) throws IOException {
        List<LayerBuilder> layers = LayerStacks.odd(seed, output.form);
        String expected;
        try {
            expected = Oracle.flatten(layers).toString();
        } catch (Oracle.Refused | Oracle.Unspecified e) {
            return false;
        }
        Path destination = directory.resolve("out");
        try (Flatten flatten = Flatten.of(layers)) {
            flatten.write(output.settings(), destination.toString());
        } catch (UndockerException e) {
            throw new AssertionError("%s, seed %d".formatted(output, seed), e);
        }
        assertThat(ofTheStack(output.reading.read(destination).toString()))
                .as("%s, seed %d", output, seed)
                .isEqualTo(ofTheStack(expected));
        return true;
    }

    private static String ofTheStack(String listing) {
        return listing.replaceFirst("(?m)^d rootfs\\b", "d /")
                .replace(" rootfs/", " ")
                .lines()
                .filter(line -> OF_THE_STACK.matcher(line).find())
                .collect(Collectors.joining("\n"));
    }

    private static byte[] decoded(Path file) throws IOException {
        try (InputStream in =
                Compression.decoded(new ByteArrayInputStream(Files.readAllBytes(file)), 0)) {
            return in.readAllBytes();
        }
    }

    /// @param all the directory too
    private void remove(boolean all) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.skip(all ? 0 : 1).toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
