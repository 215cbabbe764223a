package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.content.LimitException;
import dev.undocker.content.TemporaryFileException;
import dev.undocker.content.TransferException;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.PathPool;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.tar.TarMember;
import dev.undocker.tar.TarReader;
import dev.undocker.tar.TarSource;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What one layer asks for, in stream order. Content is located in the layer's bytes, not read.
/// Immutable.
///
/// @param blob the layer, for messages
/// @param entries in stream order
public record LayerIndex(LayerBlob blob, List<LayerEntry> entries) {
    /// Reads the headers of a layer's uncompressed tar.
    ///
    /// @param seen is told each entry before what comes after it is read
    /// @throws MalformedLayerException naming the layer and the path when the tar is malformed, a
    ///   name leaves the root or a whiteout is invalid
    /// @throws TemporaryFileException when `tar` keeps what is read, and cannot
    /// @throws TransferException when the layer does not arrive
    /// @throws LimitException when all layers together have more than is allowed
    static LayerIndex read(
            LayerBlob blob, TarSource tar, Allowance allowance, Consumer<LayerEntry> seen)
            throws IOException {
        List<LayerEntry> entries = new ArrayList<>();
        TarReader reader = new TarReader(tar);
        PathPool paths = new PathPool();
        boolean isTar = false;
        try {
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                isTar = true;
                int directories = paths.directories();
                LayerEntry entry = entry(member, paths);
                allowance.take(
                        blob, 1 + paths.directories() - directories, member.content().size());
                if (entry != null) {
                    entries.add(entry);
                    seen.accept(entry);
                }
            }
        } catch (TemporaryFileException | TransferException | LimitException e) {
            throw e;
        } catch (UndockerException e) {
            String after =
                    entries.isEmpty() ? "" : " (after %s)".formatted(entries.getLast().path());
            throw new MalformedLayerException(
                    "%s: %s%s".formatted(blob, e.sentence(), after),
                    isTar ? null : "a layer is a tar, as it is or in gzip, zstd, xz or bzip2",
                    e);
        }
        return new LayerIndex(blob, entries);
    }

    /// What the member asks for; null for what aufs keeps for itself.
    private static @Nullable LayerEntry entry(TarMember member, PathPool paths) {
        RootfsPath path = paths.of(member.name());
        return switch (WhiteoutName.of(path)) {
            case WhiteoutName.None none -> ordinary(path, member, paths);
            case WhiteoutName.Plain(RootfsPath hidden) -> new LayerEntry.Whiteout(hidden);
            case WhiteoutName.Opaque(RootfsPath directory) ->
                    new LayerEntry.OpaqueWhiteout(directory);
            case WhiteoutName.Aufs(boolean pseudoLink) ->
                    pseudoLink && member.type() == TarMember.Type.REGULAR
                            ? new LayerEntry.PseudoLink(path, inode(member))
                            : null;
        };
    }

    private static LayerEntry ordinary(RootfsPath path, TarMember member, PathPool paths) {
        if (path.isRoot() && member.type() != TarMember.Type.DIRECTORY) {
            throw new UndockerException("the root is not a directory");
        }
        return member.type() == TarMember.Type.HARD_LINK
                ? new LayerEntry.HardLink(path, target(path, member, paths))
                : new LayerEntry.Addition(path, inode(member));
    }

    private static RootfsPath target(RootfsPath path, TarMember member, PathPool paths) {
        try {
            return paths.of(member.linkName());
        } catch (UndockerException e) {
            throw new UndockerException("%s: hard link: %s".formatted(path, e.sentence()), e);
        }
    }

    private static byte[] linkText(TarMember member) {
        byte[] text = member.linkName();
        if (text.length > RootfsPath.MAX_LENGTH) {
            throw new UndockerException(
                    "%s: symbolic link of %d bytes is too long"
                            .formatted(RootfsPath.printable(member.name()), text.length));
        }
        return text;
    }

    private static Inode inode(TarMember member) {
        return switch (member.type()) {
            case REGULAR -> new Inode.RegularFile(member.metadata(), member.content());
            case DIRECTORY -> new Inode.Directory(member.metadata());
            case SYMLINK -> new Inode.Symlink(member.metadata(), linkText(member));
            case CHARACTER_DEVICE ->
                    new Inode.CharacterDevice(
                            member.metadata(), member.deviceMajor(), member.deviceMinor());
            case BLOCK_DEVICE ->
                    new Inode.BlockDevice(
                            member.metadata(), member.deviceMajor(), member.deviceMinor());
            case FIFO -> new Inode.Fifo(member.metadata());
            case HARD_LINK -> throw new IllegalArgumentException("a hard link is no inode");
        };
    }
}
