package dev.undocker.convert;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.Events;
import dev.undocker.cli.CommandOptions;
import dev.undocker.content.StoredBytes;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.image.LayerBlob;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.source.Opener;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.LayerBuilder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// What is told of the work adds up: each task says its true total, reaches it and is closed.
@Timeout(60)
class ProgressTest {
    private static final int FILES = 600;
    private static final int SMALL = 1000;
    private static final int LARGE = 5 << 20;

    /// A large file, in which nothing compresses, and many small ones.
    private static final long CONTENT = LARGE + FILES * (long) SMALL;

    @TempDir private Path directory;
    private final Recording heard = new Recording();

    private static final class Recording implements Events {
        private final Map<String, Seen> tasks = new ConcurrentHashMap<>();

        @Override
        public void warn(String sentence) {}

        @Override
        public Task task(String what, long total) {
            Seen task = tasks.computeIfAbsent(what, name -> new Seen());
            task.total.addAndGet(total);
            task.open.incrementAndGet();
            return task;
        }
    }

    private static final class Seen implements Events.Task {
        private final AtomicLong total = new AtomicLong();
        private final AtomicLong done = new AtomicLong();
        private final AtomicLong told = new AtomicLong();
        private final AtomicLong open = new AtomicLong();

        @Override
        public void advance(long count) {
            done.addAndGet(count);
            told.incrementAndGet();
        }

        @Override
        public void close() {
            open.decrementAndGet();
        }
    }

    private static ImageBuilder image() {
        byte[] noise = new byte[LARGE];
        new SplittableRandom(1).nextBytes(noise);
        LayerBuilder layer = layer().file("bin/sh", "");
        for (int i = 0; i < FILES; i++) {
            layer.file("small/" + i, "x".repeat(SMALL));
        }
        layer.file("large", new String(noise, ISO_8859_1)).hardLink("link", "large");
        return ImageBuilder.image(layer.toBytes()).config("Cmd", List.of("/bin/sh"));
    }

    private void convert(Image image, Output... outputs) throws IOException {
        convert(2, image, outputs);
    }

    private void convert(int threads, Image image, Output... outputs) throws IOException {
        ConversionOptions options =
                new ConversionOptions(
                        new TemporaryFiles(directory),
                        true,
                        true,
                        threads,
                        new PathFilter(List.of(), List.of()),
                        OptionalLong.empty());
        try (Image opened = image;
                Conversion conversion = new Conversion(opened, options, List.of(outputs), heard)) {
            conversion.run();
        }
    }

    private Opener opener() {
        return new Opener(
                directory, null, Channels.newChannel(InputStream.nullInputStream()), heard);
    }

    private Output output(OutputWriter writer, String name, String... options) {
        OutputWriter.Settings settings = writer.newSettings();
        CommandOptions.read(settings::declare, options);
        return new Output(settings, directory.resolve(name).toString());
    }

    private void assertDone(String what, long total) {
        Seen task = heard.tasks.get(what);
        assertThat(task).as(what).isNotNull();
        assertThat(task.total).as("total to %s", what).hasValue(total);
        assertThat(task.done).as("done of %s", what).hasValue(total);
        assertThat(task.open).as("tasks to %s that are open", what).hasValue(0);
        // a chunk has 64 KiB at least, but each of two threads and streams may have a smaller rest
        assertThat(task.told.get()).as("times told").isLessThan(total / (64 << 10) + 10);
    }

    @ParameterizedTest
    @CsvSource({
        "rootfs, out.tar,",
        "rootfs, out.tar.gz,",
        "rootfs, out.tar.xz, --level=0",
        "rootfs, out.tar.zst,",
        "rootfs, out.tar.zst, --level=19",
        "incus, out.tar.zst,",
        "incus, out, --split --level=0",
        "lxc, out, --level=0",
        "lxc, ., --format=dir --name=x",
        "dir, out,",
        "dir, out, --sparse",
        "nspawn, machines, --name=x",
        "bundle, out,"
    })
    void everyWriterTellsAll(String kind, String name, String options) throws IOException {
        OutputWriter writer =
                List.of(
                                new RootfsWriter(),
                                new IncusWriter(),
                                new LxcWriter(),
                                new DirectoryWriter(),
                                new NspawnWriter(),
                                new BundleWriter())
                        .stream()
                        .filter(candidate -> candidate.name().equals(kind))
                        .findFirst()
                        .orElseThrow();
        String[] words = options == null ? new String[0] : options.split(" ");
        boolean tree =
                List.of("dir", "nspawn", "bundle").contains(kind)
                        || Arrays.asList(words).contains("--format=dir");
        convert(opener().open(image().docker(Dialect.SAVE)), output(writer, name, words));
        assertDone(tree || name.equals("out.tar") ? "write" : "compress", CONTENT);
        assertDone("verify", image().layers().getFirst().length);
        assertThat(heard.tasks.get("sync").open).hasValue(0);
        assertThat(heard.tasks).hasSize(3);
    }

    @Test
    void layersAreDecoded() throws IOException {
        Image image = opener().open(image().packed(Packing.GZIP).oci());
        long stored = image.layers().getFirst().data().size();
        convert(image, output(new RootfsWriter(), "out.tar"));
        assertDone("decode", stored);
        assertDone("write", CONTENT);
    }

    /// Content that only a link of another name keeps alive may have to be decoded again.
    @Test
    void decodingAgainIsMoreWork() throws IOException {
        byte[] noise = new byte[17 << 20];
        byte[] lower =
                layer().file("hidden", new String(noise, ISO_8859_1))
                        .hardLink("link", "hidden")
                        .toBytes();
        byte[] upper = layer().whiteout("hidden").toBytes();
        Image image = opener().open(ImageBuilder.image(lower, upper).packed(Packing.GZIP).oci());
        long first = image.layers().getFirst().data().size();
        long second = image.layers().getLast().data().size();
        // the upper one first
        convert(1, image, output(new RootfsWriter(), "out.tar"));
        assertDone("decode", 2 * first + second);
        assertDone("write", noise.length);
    }

    @Test
    void layersArrive() throws IOException {
        Image here = opener().open(image().packed(Packing.ZSTD).oci());
        LayerBlob blob = here.layers().getFirst();
        byte[] bytes = blob.data().open().readAllBytes();
        StoredBytes afar =
                new StoredBytes() {
                    @Override
                    public long size() {
                        return bytes.length;
                    }

                    @Override
                    public InputStream open() {
                        return new ByteArrayInputStream(bytes);
                    }
                };
        Image image =
                new Image(
                        here.name(),
                        here.file(),
                        here.config(),
                        here.rawConfig(),
                        here.manifestDigest(),
                        List.of(new LayerBlob(1, blob.digest(), blob.diffId(), afar)),
                        here);
        convert(image, output(new RootfsWriter(), "out.tar"));
        assertDone("download", bytes.length);
        assertThat(heard.tasks).doesNotContainKeys("decode", "verify");
    }

    @Test
    void aCompressedArchiveIsRead() throws IOException {
        FileSet files = image().docker(Dialect.SAVE);
        Path archive = directory.resolve("image.tar.gz");
        Files.write(archive, ImageBuilder.gzip(files.tar()));
        convert(opener().open(archive.toString()), output(new RootfsWriter(), "out.tar"));
        assertDone("read", Files.size(archive));
    }

    /// Each output is work of its own.
    @Test
    void severalOutputs() throws IOException {
        convert(
                opener().open(image().docker(Dialect.SAVE)),
                output(new RootfsWriter(), "one.tar"),
                output(new DirectoryWriter(), "tree"),
                output(new RootfsWriter(), "two.tar.zst"));
        assertDone("write", 2 * CONTENT);
        assertDone("compress", CONTENT);
    }

    @Test
    void whatIsLeftOutIsNoWork() throws IOException {
        ConversionOptions options =
                new ConversionOptions(
                        new TemporaryFiles(directory),
                        false,
                        false,
                        1,
                        new PathFilter(List.of("small".getBytes(UTF_8)), List.of()),
                        OptionalLong.empty());
        try (Image image = opener().open(image().docker(Dialect.SAVE));
                Conversion conversion =
                        new Conversion(
                                image,
                                options,
                                List.of(output(new RootfsWriter(), "out.tar")),
                                heard)) {
            conversion.run();
        }
        assertDone("write", FILES * (long) SMALL);
        assertThat(heard.tasks).containsOnlyKeys("write");
    }
}
