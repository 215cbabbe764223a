package dev.undocker.testing;

import dev.undocker.Events;
import dev.undocker.content.FileSlice;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.LayerBlob;
import dev.undocker.image.Platform;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.merge.MergeEvent;
import dev.undocker.merge.MergePlan;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.rootfs.RootfsEntry;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/// The product's way from layers to a root file system, for tests: the one place of the rig that
/// knows how the parts are put together. Contents stay readable until it is closed.
public final class Flatten implements Closeable {
    private final TestFile file;
    private final ImageRootfs rootfs;
    private final MergePlan plan;
    private final List<String> warnings = new ArrayList<>();

    /// How an image is read.
    private interface Reading {
        ImageRootfs of(Image image, TemporaryFiles temporary, Events events);
    }

    private Flatten(List<byte[]> blobs, Reading reading) throws IOException {
        file = TestFile.of(blobs.toArray(byte[][]::new));
        try {
            Image image = image(blobs(file));
            rootfs = reading.of(image, TemporaryFiles.standard(), warnings::add);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
        plan = rootfs.tree().plan(path -> true, OptionalLong.empty());
    }

    private static List<LayerBlob> blobs(TestFile file) {
        List<LayerBlob> blobs = new ArrayList<>();
        for (FileSlice slice : file.slices()) {
            blobs.add(new LayerBlob(blobs.size() + 1, null, digest(), slice));
        }
        return blobs;
    }

    /// @param layers base first
    public static Flatten of(LayerBuilder... layers) {
        return of(List.of(layers));
    }

    public static Flatten of(List<LayerBuilder> layers) {
        return ofTars(layers.stream().map(LayerBuilder::toBytes).toList());
    }

    public static Flatten ofTars(List<byte[]> layers) {
        return of(
                layers,
                (image, temporary, events) ->
                        ImageRootfs.merge(image, temporary, false, 2, events));
    }

    /// As a question about names reads layers, stored as they are given.
    ///
    /// @param observer is told what the merge does
    public static Flatten ofNames(List<byte[]> layers, Consumer<MergeEvent> observer) {
        return of(
                layers,
                (image, temporary, events) ->
                        ImageRootfs.ofNames(image, temporary, 2, observer, events));
    }

    /// As a question about few contents reads layers, stored as they are given.
    public static Flatten onDemand(List<byte[]> layers) {
        return of(
                layers,
                (image, temporary, events) ->
                        ImageRootfs.onDemand(image, temporary, false, 2, events));
    }

    private static Flatten of(List<byte[]> layers, Reading reading) {
        try {
            return new Flatten(layers, reading);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Of layers in gzip.
    public static Flatten ofGzip(List<LayerBuilder> layers) {
        return ofTars(layers.stream().map(layer -> ImageBuilder.gzip(layer.toBytes())).toList());
    }

    private static Digest digest() {
        return Digest.parse("sha256:" + "0".repeat(64));
    }

    public ImageRootfs rootfs() {
        return rootfs;
    }

    /// In output order.
    public List<RootfsEntry> entries() {
        return StreamSupport.stream(plan.spliterator(), false).toList();
    }

    public Listing listing() {
        return Listing.of(entries());
    }

    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /// The flattened tar, as the `rootfs` writer leaves it.
    public byte[] tar() {
        try {
            Path directory = Files.createTempDirectory("undocker-test");
            Path out = directory.resolve("rootfs.tar");
            try {
                write(new RootfsWriter().newSettings(), out.toString());
                return Files.readAllBytes(out);
            } finally {
                Files.deleteIfExists(out);
                Files.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Writes everything and commits.
    public void write(OutputWriter.Settings settings, String destination) throws IOException {
        try (RootfsSink sink = open(settings, destination)) {
            for (RootfsEntry entry : plan) {
                sink.accept(entry);
            }
            sink.finish();
            sink.commit();
        }
    }

    /// A sink that nothing was given to yet.
    public RootfsSink open(OutputWriter.Settings settings, String destination) {
        return settings.open(
                new OutputRequest(
                        destination,
                        image(List.of()),
                        rootfs.tree(),
                        new OutputRequest.Totals(plan.size(), plan.contentBytes()),
                        2,
                        false,
                        warnings::add));
    }

    private static Image image(List<LayerBlob> layers) {
        return new Image("test", null, config(), new byte[0], null, layers, () -> {});
    }

    private static ImageConfig config() {
        return new ImageConfig(
                Platform.parse("linux/amd64"),
                null,
                null,
                new ImageConfig.Process(List.of(), List.of("/bin/sh"), List.of(), "", "", null),
                List.of(),
                List.of(),
                Map.of(),
                List.of());
    }

    @Override
    public void close() throws IOException {
        rootfs.close();
        file.close();
    }
}
