package dev.undocker.layer;

import dev.undocker.codec.Compression;
import dev.undocker.content.FileSlice;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Content;

import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A compressed layer and the temporary file with its decoded content, all of it or what upper
/// layers seemed to leave alive. One thread fills it.
final class SpooledLayer {
    private final LayerBlob blob;
    private final Compression compression;
    private final FileChannel file;

    /// Where pieces of content begin that are not in the file, in ascending order.
    private final List<Long> missing = new ArrayList<>();

    SpooledLayer(LayerBlob blob, Compression compression, FileChannel file) {
        this.blob = blob;
        this.compression = compression;
        this.file = file;
    }

    LayerBlob blob() {
        return blob;
    }

    Compression compression() {
        return compression;
    }

    FileChannel file() {
        return file;
    }

    /// Says that `content` is not in the file; called in stream order.
    void leaveOut(Content content) {
        for (FileSlice piece : pieces(content)) {
            if (piece.length() > 0) {
                missing.add(piece.offset());
            }
        }
    }

    /// Says that the file now has everything.
    void leaveOutNothing() {
        missing.clear();
    }

    /// True when `piece`, which is this layer's, is not in the file.
    boolean lacks(FileSlice piece) {
        return piece.length() > 0 && Collections.binarySearch(missing, piece.offset()) >= 0;
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
}
