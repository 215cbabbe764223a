package dev.undocker.merge;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Finds the names of a tree by their paths. An array that is searched from where the hash points
/// to, since an object for each of millions of names would cost as much as the names. Names that an
/// image chose to have one hash, or that meet a crowd, go to a map that does not mind.
///
/// Reading is thread-safe once nobody changes it any more.
final class DentryTable {
    /// How far a name may stand from where its hash points to.
    private static final int REACH = 32;

    private static final int SMALLEST = 1 << 10;

    /// Stands where a name was, so that a search goes on behind it.
    private static final Dentry GONE =
            new DirectoryDentry(
                    null, RootfsPath.ROOT, new Inode.Directory(Metadata.IMPLIED_DIRECTORY), 0);

    private @Nullable Dentry[] slots = new @Nullable Dentry[SMALLEST];

    /// Slots that hold something, [#GONE] included.
    private int used;

    private int size;
    private final Map<RootfsPath, Dentry> crowded = new HashMap<>();

    /// How many names there are.
    int size() {
        return size;
    }

    /// @param path not the root
    @Nullable Dentry get(RootfsPath path) {
        return search(Objects.requireNonNull(path.parent()), path.name(), path.hashCode());
    }

    /// The same, of a name in a directory.
    @Nullable Dentry get(DirectoryDentry directory, byte[] name) {
        return search(directory.path(), name, directory.path().childHash(name));
    }

    private @Nullable Dentry search(RootfsPath directory, byte[] name, int hash) {
        for (int i = 0, at = place(hash); i < REACH; i++, at = after(at)) {
            Dentry dentry = slots[at];
            if (dentry == null) {
                return null;
            }
            DirectoryDentry parent = dentry.parent();
            if (dentry.hash == hash
                    && parent != null
                    && Arrays.equals(dentry.name, name)
                    && parent.path().equals(directory)) {
                return dentry;
            }
        }
        return crowded.isEmpty() ? null : crowded.get(directory.child(name));
    }

    /// @param dentry a name that is not there yet
    void add(Dentry dentry) {
        if (used >= slots.length / 3 * 2) {
            resize();
        }
        size++;
        place(dentry);
    }

    private void place(Dentry dentry) {
        int at = place(dentry.hash);
        for (int i = 0; i < REACH; i++, at = after(at)) {
            if (slots[at] == null) {
                slots[at] = dentry;
                used++;
                return;
            }
        }
        crowded.put(dentry.path(), dentry);
    }

    /// @param dentry a name that is there
    void remove(Dentry dentry) {
        size--;
        int at = place(dentry.hash);
        for (int i = 0; i < REACH; i++, at = after(at)) {
            if (slots[at] == dentry) {
                slots[at] = GONE;
                return;
            }
        }
        crowded.remove(dentry.path());
    }

    /// Makes room for as many names again, or throws out what is gone.
    private void resize() {
        @Nullable Dentry[] old = slots;
        int length = SMALLEST;
        while (length < 0x4000_0000 && length / 2 < size) {
            length *= 2;
        }
        slots = new @Nullable Dentry[length];
        used = 0;
        List<Dentry> outside = List.copyOf(crowded.values());
        crowded.clear();
        outside.forEach(this::place);
        for (Dentry dentry : old) {
            if (dentry != null && dentry != GONE) {
                place(dentry);
            }
        }
    }

    private int place(int hash) {
        // a path's hash differs little between names that differ in their last letters
        return hash * 0x9e37_79b9 >>> Integer.numberOfLeadingZeros(slots.length) + 1;
    }

    private int after(int at) {
        return at + 1 & slots.length - 1;
    }
}
