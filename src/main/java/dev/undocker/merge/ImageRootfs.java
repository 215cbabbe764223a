package dev.undocker.merge;

import dev.undocker.Events;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.layer.KeptContent;
import dev.undocker.layer.LayerStore;
import dev.undocker.rootfs.Inode;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.function.Consumer;

/// An image, merged: what conversions write and questions are answered from. Contents stay readable
/// until it is closed. One thread uses it.
public final class ImageRootfs implements Closeable {
    private final LayerStore layers;
    private final MergedRootfs tree;

    private ImageRootfs(LayerStore layers, MergedRootfs tree) {
        this.layers = layers;
        this.tree = tree;
    }

    /// Reads and merges the layers, for a conversion: contents can be read.
    ///
    /// @param image stays the caller's to close, after this
    /// @param temporary where layers are decoded to
    /// @param verify false skips what would be read or hashed only to be checked
    /// @param threads how many layers may be worked on at once
    /// @throws dev.undocker.UndockerException when a layer cannot be read or is malformed
    public static ImageRootfs merge(
            Image image, TemporaryFiles temporary, boolean verify, int threads, Events events) {
        return of(image, temporary, KeptContent.OF_SURVIVORS, verify, threads, null, events);
    }

    /// The same for a question that needs contents too.
    ///
    /// @param observer is told what happens to each name, in order, on this thread
    public static ImageRootfs observed(
            Image image,
            TemporaryFiles temporary,
            boolean verify,
            int threads,
            Consumer<? super MergeEvent> observer,
            Events events) {
        return of(image, temporary, KeptContent.OF_SURVIVORS, verify, threads, observer, events);
    }

    /// Reads and merges the layers for what they say of names. Contents that lie uncompressed on
    /// disk can be read, others not.
    ///
    /// @param observer is told what happens to each name, in order, on this thread
    /// @throws dev.undocker.UndockerException when a layer cannot be read or is malformed
    public static ImageRootfs ofNames(
            Image image,
            TemporaryFiles temporary,
            int threads,
            @Nullable Consumer<? super MergeEvent> observer,
            Events events) {
        return of(image, temporary, KeptContent.NONE, false, threads, observer, events);
    }

    /// The same where contents of compressed layers can be read too, after [#load].
    ///
    /// @param verify also checks what [#verified] waits for
    /// @throws dev.undocker.UndockerException as [#ofNames]
    public static ImageRootfs onDemand(
            Image image, TemporaryFiles temporary, boolean verify, int threads, Events events) {
        return of(image, temporary, KeptContent.ON_DEMAND, verify, threads, null, events);
    }

    private static ImageRootfs of(
            Image image,
            TemporaryFiles temporary,
            KeptContent kept,
            boolean verify,
            int threads,
            @Nullable Consumer<? super MergeEvent> observer,
            Events events) {
        LayerStore layers =
                new LayerStore(image.layers(), temporary, kept, verify, threads, events);
        try {
            MergedRootfs tree =
                    LayerMerger.merge(layers.indexes(), temporary.limits(), observer, events);
            layers.complete(tree.inodes());
            return new ImageRootfs(layers, tree);
        } catch (RuntimeException | Error e) {
            try {
                layers.close();
            } catch (IOException | RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /// Makes the contents of these inodes readable, of whatever layer, but where only names are
    /// read. It may be called again.
    ///
    /// @throws dev.undocker.UndockerException when a layer cannot be read
    public void load(Iterable<Inode> inodes) {
        layers.load(inodes);
    }

    public MergedRootfs tree() {
        return tree;
    }

    /// Waits until every digest, size and diffID that the image states is checked.
    ///
    /// @throws dev.undocker.UndockerException naming the layer when one does not match
    public void verified() {
        layers.verified();
    }

    @Override
    public void close() throws IOException {
        layers.close();
    }
}
