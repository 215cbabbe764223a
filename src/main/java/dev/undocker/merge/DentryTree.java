package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;

/// The names of a root file system while layers are applied, and after. A name's directory is
/// always there and always a directory. Reading is thread-safe once nobody changes the tree any
/// more.
final class DentryTree implements RootfsView {
    /// As the kernel: path_resolution(7).
    static final int MAX_SYMLINKS = 40;

    private final DirectoryDentry root =
            new DirectoryDentry(
                    null, RootfsPath.ROOT, new Inode.Directory(Metadata.IMPLIED_DIRECTORY), 0);
    private final DentryTable names = new DentryTable();

    DirectoryDentry root() {
        return root;
    }

    @Nullable Dentry get(RootfsPath path) {
        return path.isRoot() ? root : names.get(path);
    }

    /// The deepest name on the way to `path` that is there, the path's own included. All above it
    /// are directories.
    Dentry deepest(RootfsPath path) {
        RootfsPath at = path;
        Dentry dentry = get(at);
        while (dentry == null) {
            at = Objects.requireNonNull(at.parent());
            dentry = get(at);
        }
        return dentry;
    }

    /// What the directory has under this name.
    @Nullable Dentry get(DirectoryDentry directory, byte[] name) {
        return names.get(directory, name);
    }

    /// @param name one component that the directory does not have yet, never written again
    /// @throws dev.undocker.UndockerException when the path gets too long
    Dentry create(DirectoryDentry directory, byte[] name, Inode inode, int layer) {
        if (inode instanceof Inode.Directory made) {
            return createDirectory(directory, name, made, layer);
        }
        RootfsPath path = directory.path();
        path.requireRoomFor(name);
        Dentry dentry = new Dentry(directory, name, path.childHash(name), inode, layer);
        names.add(dentry);
        return dentry;
    }

    /// The same for a directory.
    DirectoryDentry createDirectory(
            DirectoryDentry directory, byte[] name, Inode.Directory inode, int layer) {
        directory.path().requireRoomFor(name);
        DirectoryDentry dentry =
                new DirectoryDentry(directory, directory.path().child(name), inode, layer);
        names.add(dentry);
        return dentry;
    }

    /// Removes a name and everything below it.
    void remove(Dentry top) {
        top.unlink();
        for (Dentry at = top; at != null; at = at.nextBelow(top)) {
            at.removed = true;
            names.remove(at);
        }
    }

    /// All names but the root, depth first, those of a directory in the order in which they came.
    List<Dentry> depthFirst() {
        List<Dentry> all = new ArrayList<>(names.size());
        for (Dentry at = root.nextBelow(root); at != null; at = at.nextBelow(root)) {
            all.add(at);
        }
        return all;
    }

    /// The inodes of all names but the root, in no order.
    Iterable<Inode> inodes() {
        return () -> depthFirst().stream().map(dentry -> dentry.inode).iterator();
    }

    @Override
    public @Nullable Inode lookup(RootfsPath path) {
        Dentry dentry = find(path, false);
        return dentry == null ? null : dentry.inode;
    }

    @Override
    public @Nullable Inode resolve(RootfsPath path) {
        Dentry dentry = find(path, true);
        return dentry == null ? null : dentry.inode;
    }

    @Override
    public boolean contains(RootfsPath path) {
        return get(path) != null;
    }

    @Override
    public void below(RootfsPath directory, BiConsumer<RootfsPath, Inode> taken) {
        Dentry top = get(directory);
        if (top != null) {
            for (Dentry at = top.nextBelow(top); at != null; at = at.nextBelow(top)) {
                taken.accept(at.path(), at.inode);
            }
        }
    }

    @Override
    public boolean hasContent(RootfsPath path) {
        Dentry dentry = get(path);
        return dentry != null && dentry.nextBelow(dentry) != null;
    }

    /// Finds a name as a process whose root this is would, links in its parents resolved.
    @Nullable Dentry find(RootfsPath path, boolean followLast) {
        RootfsPath wanted = path;
        for (int followed = 0; followed <= MAX_SYMLINKS; followed++) {
            Dentry direct = get(wanted);
            if (direct != null && !(followLast && direct.inode instanceof Inode.Symlink)) {
                return direct;
            }
            RootfsPath redirected = redirected(wanted, followLast);
            if (redirected == null) {
                return null;
            }
            wanted = redirected;
        }
        return null;
    }

    /// The path with its first symbolic link replaced by the link's text.
    private @Nullable RootfsPath redirected(RootfsPath path, boolean followLast) {
        Dentry dentry = deepest(path);
        RootfsPath at = dentry.path();
        boolean last = at.length() == path.length();
        return dentry.inode instanceof Inode.Symlink link && (!last || followLast)
                ? SymlinkText.follow(at, link.target(), path)
                : null;
    }
}
