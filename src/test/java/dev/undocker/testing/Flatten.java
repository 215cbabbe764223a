package dev.undocker.testing;

import dev.undocker.content.FileSlice;
import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.LayerBlob;
import dev.undocker.image.Platform;
import dev.undocker.layer.LayerIndex;
import dev.undocker.merge.LayerMerger;
import dev.undocker.merge.MergePlan;
import dev.undocker.merge.MergedRootfs;
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
import java.util.stream.StreamSupport;

/// The product's way from layers to a root file system, for tests: the one place of the rig that
/// knows how the parts are put together. Contents stay readable until it is closed.
public final class Flatten implements Closeable {
    private final TestFile file;
    private final MergedRootfs rootfs;
    private final MergePlan plan;
    private final List<String> warnings = new ArrayList<>();

    private Flatten(List<byte[]> layers) throws IOException {
        file = TestFile.of(layers.toArray(byte[][]::new));
        try {
            List<LayerIndex> indexes = new ArrayList<>();
            for (FileSlice slice : file.slices()) {
                indexes.add(LayerIndex.read(blob(indexes.size() + 1, slice), slice));
            }
            rootfs = LayerMerger.merge(indexes, warnings::add);
            plan = rootfs.plan(path -> true, OptionalLong.empty());
        } catch (RuntimeException | IOException e) {
            file.close();
            throw e;
        }
    }

    /// @param layers base first
    public static Flatten of(LayerBuilder... layers) {
        return of(List.of(layers));
    }

    public static Flatten of(List<LayerBuilder> layers) {
        return ofTars(layers.stream().map(LayerBuilder::toBytes).toList());
    }

    public static Flatten ofTars(List<byte[]> layers) {
        try {
            return new Flatten(layers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LayerBlob blob(int number, FileSlice slice) {
        return new LayerBlob(number, null, digest(), slice);
    }

    private static Digest digest() {
        return Digest.parse("sha256:" + "0".repeat(64));
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
        Image image = new Image("test", null, config(), new byte[0], null, List.of(), () -> {});
        return settings.open(
                new OutputRequest(
                        destination,
                        image,
                        rootfs,
                        new OutputRequest.Totals(plan.size(), plan.contentBytes()),
                        2,
                        warnings::add));
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
        file.close();
    }
}
