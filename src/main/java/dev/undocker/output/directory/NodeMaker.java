package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.DirectoryHandle.Special;
import dev.undocker.linux.Errno;
import dev.undocker.linux.NewFile;
import dev.undocker.linux.Node;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.Objects;

/// Makes the nodes of a tree, each relative to its parent directory, whose handle is kept for the
/// next entry. Used by one thread.
final class NodeMaker implements Closeable {
    private final String place;
    private final DirectoryHandle root;
    private final AttributeWriter attributes;
    private final Losses losses;
    private final ContentWriter content;
    private @Nullable Parent parent;

    private record Parent(RootfsPath path, DirectoryHandle handle) {}

    /// @param place of the tree, for sentences
    NodeMaker(
            String place,
            DirectoryHandle root,
            AttributeWriter attributes,
            Losses losses,
            ContentWriter content) {
        this.place = place;
        this.root = root;
        this.attributes = attributes;
        this.losses = losses;
        this.content = content;
    }

    /// Tells how much content was written and not told yet.
    void tell() {
        content.tell();
    }

    /// Makes an empty directory that its owner can fill; [#finishDirectory] completes it.
    void makeDirectory(RootfsPath path, int mode) {
        try {
            parent(path).makeDirectory(path.name(), mode | 0700);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /// Gives a directory its attributes when nothing more is made in it.
    void finishDirectory(RootfsPath path, Inode.Directory inode) {
        try {
            if (path.isRoot()) {
                attributes.apply(root, path, inode);
            } else {
                try (DirectoryHandle directory = parent(path).openDirectory(path.name())) {
                    attributes.apply(directory, path, inode);
                }
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /// Makes anything but a directory, complete.
    ///
    /// @return false when it could not be kept
    boolean make(RootfsPath path, Inode inode) {
        try {
            return switch (inode) {
                case Inode.RegularFile file -> makeFile(path, file);
                case Inode.Symlink link -> makeSymlink(path, link);
                case Inode.CharacterDevice device ->
                        makeSpecial(
                                path,
                                device,
                                Special.CHARACTER_DEVICE,
                                device.major(),
                                device.minor());
                case Inode.BlockDevice device ->
                        makeSpecial(
                                path, device, Special.BLOCK_DEVICE, device.major(), device.minor());
                case Inode.Fifo fifo -> makeSpecial(path, fifo, Special.FIFO, 0, 0);
                case Inode.Directory directory ->
                        throw new IllegalArgumentException(path.toString());
            };
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private boolean makeFile(RootfsPath path, Inode.RegularFile inode) throws IOException {
        int mode = attributes.creationMode(inode.metadata());
        try (NewFile file = parent(path).makeFile(path.name(), mode)) {
            content.write(inode.content(), file);
            attributes.apply(file, path, inode, mode);
        }
        return true;
    }

    private boolean makeSymlink(RootfsPath path, Inode.Symlink inode) throws IOException {
        try (Node link = parent(path).makeSymlink(path.name(), inode.target())) {
            attributes.apply(link, path, inode);
        }
        return true;
    }

    private boolean makeSpecial(RootfsPath path, Inode inode, Special kind, int major, int minor)
            throws IOException {
        int mode = attributes.creationMode(inode.metadata());
        Node node;
        try {
            node = parent(path).makeSpecial(path.name(), kind, mode, major, minor);
        } catch (SystemCallException e) {
            if (!AttributeWriter.isRefusal(e)) {
                throw e;
            }
            losses.add(kind == Special.FIFO ? Losses.Kind.FIFO : Losses.Kind.DEVICE, path, e);
            return false;
        }
        try (node) {
            attributes.apply(node, path, inode, mode);
        }
        return true;
    }

    /// Makes a further name of a node.
    void makeLink(RootfsPath path, RootfsPath target) {
        RootfsPath targetParent = Objects.requireNonNull(target.parent());
        try {
            if (Objects.requireNonNull(path.parent()).equals(targetParent)) {
                DirectoryHandle both = parent(path);
                both.makeLink(path.name(), both, target.name());
            } else if (targetParent.isRoot()) {
                parent(path).makeLink(path.name(), root, target.name());
            } else {
                try (DirectoryHandle other = root.openDirectory(targetParent.toBytes())) {
                    parent(path).makeLink(path.name(), other, target.name());
                }
            }
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    private DirectoryHandle parent(RootfsPath path) throws IOException {
        RootfsPath wanted = Objects.requireNonNull(path.parent());
        if (wanted.isRoot()) {
            return root;
        }
        Parent open = parent;
        if (open == null || !wanted.equals(open.path())) {
            close();
            open = new Parent(wanted, root.openDirectory(wanted.toBytes()));
            parent = open;
        }
        return open.handle();
    }

    private UndockerException failure(RootfsPath path, IOException e) {
        if (e instanceof SystemCallException call && call.is(Errno.EEXIST)) {
            return collision(path, e);
        }
        return UndockerException.because("%s: cannot write %s".formatted(place, path), e);
    }

    /// Every path comes once, so a name that exists is another name to us: the file system folds
    /// letters.
    private UndockerException collision(RootfsPath path, IOException e) {
        byte[] other = null;
        try {
            other = FoldedName.find(parent(path).list(), path.name());
        } catch (IOException unknown) {
            e.addSuppressed(unknown);
        }
        if (other == null) {
            return new UndockerException(
                    path + ": exists already: somebody else writes into the tree", e);
        }
        RootfsPath first = Objects.requireNonNull(path.parent()).resolve(other);
        return new UndockerException(
                        "%s and %s are one name on this file system".formatted(first, path), e)
                .withHint("choose a directory on a case-sensitive file system");
    }

    @Override
    public void close() throws IOException {
        Parent open = parent;
        parent = null;
        if (open != null) {
            open.handle().close();
        }
    }
}
