package dev.undocker.layer;

import dev.undocker.codec.Compression;
import dev.undocker.content.FileSlice;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A compressed layer and the temporary file with its decoded content: all of it, or what upper
/// layers seem to leave alive. One thread fills it; it owns the file.
final class SpooledLayer implements Closeable {
    /// A hidden file that is larger is not set aside: a link to it is rare, and decoding twice
    /// costs less than its space. But fetching twice costs more.
    private static final long LARGEST_ASIDE = 16 << 20;

    private static final int COPIED_AT_ONCE = 256 << 10;

    private final LayerBlob blob;
    private final TemporaryFiles temporary;
    private final Allowance allowance;
    private final PartialCopy kept;

    /// Where pieces of content begin that are not in the file.
    private final Set<Long> missing = new HashSet<>();

    /// What of these is wanted all the same: its length by where it begins.
    private final NavigableMap<Long, Long> wanted = new TreeMap<>();

    /// @param file for what is kept; closed with this
    SpooledLayer(LayerBlob blob, TemporaryFiles temporary, FileChannel file, Allowance allowance) {
        this.blob = blob;
        this.temporary = temporary;
        this.allowance = allowance;
        this.kept = new PartialCopy(temporary, file);
    }

    LayerBlob blob() {
        return blob;
    }

    FileChannel file() {
        return kept.file();
    }

    /// Reads the entries and keeps their content, but leaves out what `upper` hides. A hidden file
    /// that another name of this layer keeps alive is known when the layer has been read; so hidden
    /// ones are set aside until then.
    ///
    /// @param decoded read to the end
    /// @throws MalformedLayerException when the tar is malformed; `decoded` is read to the end all
    ///   the same
    List<LayerEntry> fill(InputStream decoded, UpperLayers upper) throws IOException {
        try (FileChannel asideFile = temporary.create()) {
            PartialCopy aside = new PartialCopy(temporary, asideFile);
            Choice choice = new Choice(upper, aside);
            List<LayerEntry> entries = read(decoded, List.of(kept, aside), choice::make);
            choice.recall();
            return entries;
        }
    }

    /// Reads the entries and keeps nothing of their content.
    ///
    /// @throws MalformedLayerException as [#fill]
    List<LayerEntry> index(InputStream decoded) throws IOException {
        return read(decoded, List.of(kept), this::leaveOut);
    }

    private List<LayerEntry> read(
            InputStream decoded, List<PartialCopy> copies, Consumer<LayerEntry> seen)
            throws IOException {
        DecodedTar tar = new DecodedTar(decoded, copies);
        List<LayerEntry> entries;
        try {
            entries = LayerIndex.read(blob, tar, allowance, seen).entries();
        } catch (MalformedLayerException malformed) {
            tar.finish();
            throw malformed;
        }
        tar.finish();
        return entries;
    }

    private void leaveOut(LayerEntry entry) {
        switch (entry) {
            case LayerEntry.Addition(RootfsPath path, Inode.RegularFile file) ->
                    miss(file.content());
            case LayerEntry.PseudoLink(RootfsPath path, Inode.RegularFile file) ->
                    miss(file.content());
            case LayerEntry.Addition other -> {}
            case LayerEntry.PseudoLink other -> {}
            case LayerEntry.HardLink link -> {}
            case LayerEntry.Whiteout whiteout -> {}
            case LayerEntry.OpaqueWhiteout whiteout -> {}
        }
    }

    private void miss(Content content) {
        pieces(content).forEach(piece -> missing.add(piece.offset()));
    }

    /// Decodes the layer once more and keeps what is wanted.
    void complete(LayerProgress progress) throws IOException {
        try (InputStream stored = progress.openAgain(blob.data());
                InputStream decoded = Compression.decoded(stored, blob.data().size())) {
            wanted.forEach(kept::add);
            new DecodedTar(decoded, List.of(kept)).finish();
            // at its end it may say that it is wrong
            stored.transferTo(OutputStream.nullOutputStream());
        }
        missing.removeAll(wanted.keySet());
        wanted.clear();
    }

    /// Lets [#complete] keep `piece`, which is this layer's.
    ///
    /// @return false when it is in the file already
    boolean want(FileSlice piece) {
        boolean lacks = piece.length() > 0 && missing.contains(piece.offset());
        if (lacks) {
            wanted.put(piece.offset(), piece.length());
        }
        return lacks;
    }

    /// The pieces of a layer's content, in stream order.
    static List<FileSlice> pieces(Content content) {
        return switch (content) {
            case Content.Plain plain -> List.of(plain.slice());
            case Content.Sparse sparse ->
                    sparse.segments().stream().map(Content.Segment::data).toList();
            // made by the program, not stored anywhere
            case Content.Generated generated -> List.of();
        };
    }

    @Override
    public void close() throws IOException {
        file().close();
    }

    /// What is kept of one pass over the layer.
    private final class Choice {
        private final UpperLayers upper;
        private final PartialCopy aside;

        /// What was left out, by the names that it has.
        private final Map<RootfsPath, Content> hidden = new HashMap<>();

        private final List<Content> recalled = new ArrayList<>();

        Choice(UpperLayers upper, PartialCopy aside) {
            this.upper = upper;
            this.aside = aside;
        }

        void make(LayerEntry entry) {
            switch (entry) {
                case LayerEntry.Addition(RootfsPath path, Inode.RegularFile file) -> {
                    if (upper.hide(blob.number(), path)) {
                        leaveOut(path, file.content());
                    } else {
                        copy(file.content(), kept);
                    }
                }
                case LayerEntry.PseudoLink(RootfsPath path, Inode.RegularFile file) ->
                        copy(file.content(), kept);
                case LayerEntry.HardLink(RootfsPath path, RootfsPath target) -> {
                    Content content = hidden.get(target);
                    if (content != null) {
                        hidden.put(path, content);
                        if (isSetAside(content) && !upper.hide(blob.number(), path)) {
                            recalled.add(content);
                        }
                    }
                }
                case LayerEntry.Addition other -> {}
                case LayerEntry.PseudoLink other -> {}
                case LayerEntry.Whiteout whiteout -> {}
                case LayerEntry.OpaqueWhiteout whiteout -> {}
            }
        }

        private void leaveOut(RootfsPath path, Content content) {
            hidden.put(path, content);
            miss(content);
            if (isSetAside(content)) {
                copy(content, aside);
            }
        }

        private boolean isSetAside(Content content) {
            return content.dataSize() <= LARGEST_ASIDE || !blob.data().isHere();
        }

        private void copy(Content content, PartialCopy copy) {
            pieces(content).forEach(piece -> copy.add(piece.offset(), piece.length()));
        }

        /// Copies from what was set aside what is needed after all.
        void recall() throws IOException {
            for (Content content : recalled) {
                for (FileSlice piece : pieces(content)) {
                    if (missing.remove(piece.offset())) {
                        recall(piece.offset(), piece.length());
                    }
                }
            }
        }

        private void recall(long from, long length) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, COPIED_AT_ONCE));
            for (long done = 0; done < length; done += bytes.limit()) {
                bytes.clear().limit((int) Math.min(bytes.capacity(), length - done));
                if (aside.file().read(bytes, from + done) <= 0) {
                    throw new EOFException("truncated tar");
                }
                bytes.flip();
                temporary.write(file(), bytes, from + done);
            }
        }
    }
}
