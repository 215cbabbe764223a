package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.codec.Compression;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.cpio.CpioWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.erofs.ErofsWriter;
import dev.undocker.output.ext4.Ext4Writer;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.proxmox.ProxmoxWriter;
import dev.undocker.output.squashfs.SquashfsWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.output.wsl.WslWriter;

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
import java.util.function.UnaryOperator;
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

    /// A program is started, and the kernel mounts what it made.
    private static final int SLOWNESS_OF_PROGRAMS = 5;

    private static final UnaryOperator<String> FRACTIONS =
            listing -> listing.replaceAll(" @(-?\\d+)\\.\\d+", " @$1").replaceAll(" @0(?!\\d)", "");

    /// Times before 1970 become its first second.
    private static final UnaryOperator<String> PAST =
            listing -> listing.replaceAll(" @-[0-9.]+", "");

    private static final UnaryOperator<String> ATTRIBUTES =
            listing -> listing.replaceAll(" user\\.\\w+=\"[^\"]*\"", "");

    /// What cpio(1) leaves alone: the root, and times of directories and links.
    private static final UnaryOperator<String> LEFT_BY_CPIO =
            listing ->
                    listing.replaceFirst("(?m)^d /.*", "d /")
                            .replaceAll("(?m)^([dl] .*?) @[0-9.]+", "$1");

    /// A path of a stack, after its type: see [LayerStacks].
    private static final Pattern OF_THE_STACK = Pattern.compile("^. (/|[abcL]+|\\\\xff)(/| |$)");

    private interface Reading {
        Listing read(Path destination) throws Exception;
    }

    /// @param file what the output is called
    /// @param form what the output can hold
    /// @param lost takes from a listing what the output cannot hold, and says
    /// @param slowness how many times fewer stacks to try
    private record Written(
            OutputWriter writer,
            String file,
            List<String> options,
            LayerStacks.Form form,
            List<UnaryOperator<String>> lost,
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

        String read(Path destination) throws Exception {
            String listing = reading.read(destination).toString();
            return lost.contains(LEFT_BY_CPIO) ? LEFT_BY_CPIO.apply(listing) : listing;
        }

        String held(String listing) {
            String held = listing;
            for (UnaryOperator<String> loss : lost) {
                held = loss.apply(held);
            }
            return held;
        }

        void require() {
            Requirements.root();
            try {
                settings().validate(file);
            } catch (UndockerException e) {
                Requirements.require(false, e.getMessage());
            }
        }
    }

    private static Written tar(OutputWriter writer, String file, String... options) {
        return new Written(
                writer,
                "out",
                List.of(options),
                LayerStacks.Form.ANY,
                List.of(),
                destination -> Listing.ofTar(decoded(destination.resolve(file))),
                file.endsWith(".xz") ? SLOWNESS_OF_XZ : 1);
    }

    private static Written tree(OutputWriter writer, String directory, String... options) {
        return new Written(
                writer,
                "out",
                List.of(options),
                LayerStacks.Form.TREE,
                List.of(),
                destination -> TreeReading.of(destination.resolve(directory)),
                1);
    }

    /// A file in which the tree lies in another way than in a tar.
    private static Written file(
            OutputWriter writer, Reading reading, List<UnaryOperator<String>> lost) {
        return new Written(
                writer,
                "out",
                List.of(),
                LayerStacks.Form.TREE,
                lost,
                reading,
                SLOWNESS_OF_PROGRAMS);
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
                tree(new BundleWriter(), "rootfs"),
                template(new ProxmoxWriter(), "out.tar.gz", "--level", "1"),
                template(new WslWriter(), "out.wsl", "--level", "1"),
                file(
                        new CpioWriter(),
                        WriterModelTest::unpacked,
                        List.of(ATTRIBUTES, PAST, FRACTIONS, LEFT_BY_CPIO)),
                file(
                        new SquashfsWriter(),
                        disk -> LoopMount.reading(disk, "loop,ro"),
                        List.of(PAST, FRACTIONS)),
                file(
                        new ErofsWriter(),
                        disk -> LoopMount.reading(disk, "loop,ro"),
                        List.of(FRACTIONS)),
                file(
                        new Ext4Writer(),
                        disk -> LoopMount.reading(disk, "loop,ro,noload"),
                        List.of()));
    }

    private static Listing unpacked(Path archive) throws Exception {
        Path tree = Files.createDirectory(archive.resolveSibling("tree"));
        Undocker.program(
                        Requirements.tool("sh"),
                        "-c",
                        "cpio -idm --quiet < ../" + archive.getFileName())
                .in(tree)
                .succeed();
        return TreeReading.of(tree);
    }

    private static Written template(OutputWriter writer, String file, String... options) {
        return new Written(
                writer,
                file,
                List.of(options),
                LayerStacks.Form.ANY,
                List.of(),
                destination -> Listing.ofTar(decoded(destination)),
                1);
    }

    private Path directory;

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
        output.require();
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
    private boolean isEqual(Written output, long seed) throws Exception {
        List<LayerBuilder> layers = LayerStacks.odd(seed, output.form);
        String expected;
        try {
            expected = Oracle.flatten(layers).toString();
        } catch (Oracle.Refused | Oracle.Unspecified e) {
            return false;
        }
        Path destination = directory.resolve(output.file);
        try (Flatten flatten = Flatten.of(layers)) {
            flatten.write(output.settings(), destination.toString());
        } catch (UndockerException e) {
            throw new AssertionError("%s, seed %d".formatted(output, seed), e);
        }
        assertThat(ofTheStack(output.read(destination)))
                .as("%s, seed %d", output, seed)
                .isEqualTo(ofTheStack(output.held(expected)));
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
