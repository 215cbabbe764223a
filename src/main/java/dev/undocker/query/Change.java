package dev.undocker.query;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One aspect in which two inodes of the same name differ. What can only be told by reading is not
/// found here.
public sealed interface Change {
    /// One is another kind of thing; what is special to kinds is not compared then.
    record Kind(Inode before, Inode after) implements Change {}

    record Mode(Metadata before, Metadata after) implements Change {}

    record Owner(Metadata before, Metadata after) implements Change {}

    /// In bytes, holes included.
    record Size(long before, long after) implements Change {}

    /// Of the same size.
    record Content() implements Change {}

    record Target(byte[] before, byte[] after) implements Change {}

    record Device(Inode before, Inode after) implements Change {}

    /// An extended attribute is there only once, or has two values.
    ///
    /// @param before its value; empty when it is not there
    record Attribute(byte[] name, Optional<Xattr> before, Optional<Xattr> after)
            implements Change {}

    /// The other names of the inode are others.
    ///
    /// @param before sorted
    record Links(List<RootfsPath> before, List<RootfsPath> after) implements Change {}

    /// When it was changed last.
    record Time(Metadata before, Metadata after) implements Change {}

    /// All but [Content] and [Links].
    static List<Change> between(Inode before, Inode after) {
        List<Change> changes = new ArrayList<>();
        addSpecial(before, after, changes);
        Metadata old = before.metadata();
        Metadata young = after.metadata();
        if (old.mode() != young.mode()) {
            changes.add(new Mode(old, young));
        }
        if (old.uid() != young.uid() || old.gid() != young.gid()) {
            changes.add(new Owner(old, young));
        }
        addAttributes(old.xattrs(), young.xattrs(), changes);
        if (old.mtimeSeconds() != young.mtimeSeconds() || old.mtimeNanos() != young.mtimeNanos()) {
            changes.add(new Time(old, young));
        }
        return changes;
    }

    private static void addSpecial(Inode before, Inode after, List<Change> to) {
        if (before.getClass() != after.getClass()) {
            to.add(new Kind(before, after));
            return;
        }
        switch (before) {
            case Inode.RegularFile old -> {
                long size = ((Inode.RegularFile) after).content().size();
                if (old.content().size() != size) {
                    to.add(new Size(old.content().size(), size));
                }
            }
            case Inode.Symlink old -> {
                byte[] target = ((Inode.Symlink) after).target();
                if (!Arrays.equals(old.target(), target)) {
                    to.add(new Target(old.target(), target));
                }
            }
            case Inode.CharacterDevice old -> {
                Inode.CharacterDevice young = (Inode.CharacterDevice) after;
                if (old.major() != young.major() || old.minor() != young.minor()) {
                    to.add(new Device(old, young));
                }
            }
            case Inode.BlockDevice old -> {
                Inode.BlockDevice young = (Inode.BlockDevice) after;
                if (old.major() != young.major() || old.minor() != young.minor()) {
                    to.add(new Device(old, young));
                }
            }
            case Inode.Directory _, Inode.Fifo _ -> {
                // nothing is special to them
            }
        }
    }

    /// Both lists are sorted by name.
    private static void addAttributes(List<Xattr> before, List<Xattr> after, List<Change> to) {
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            int order =
                    i == before.size()
                            ? 1
                            : j == after.size()
                                    ? -1
                                    : Arrays.compareUnsigned(
                                            before.get(i).name(), after.get(j).name());
            Optional<Xattr> old = order <= 0 ? Optional.of(before.get(i++)) : Optional.empty();
            Optional<Xattr> young = order >= 0 ? Optional.of(after.get(j++)) : Optional.empty();
            if (!old.equals(young)) {
                to.add(new Attribute(old.or(() -> young).orElseThrow().name(), old, young));
            }
        }
    }
}
