package dev.undocker.output;

import dev.undocker.UndockerException;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.DirectoryHandle.Rename;
import dev.undocker.linux.Errno;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a tree hands on to the one that replaces it, and what becomes of it.
///
/// Directories that go on are in both trees while these change places: each file has a further name
/// in the new one, so that whatever happens either tree is complete, and no data is copied.
/// Afterwards the old tree loses them, because two machines with the same files would spoil them.
///
/// @param kept directories that go on, below the root of both trees; parents first. Where both
///   trees have a link there is none: what it leads to is one of its own
/// @param previous where the old tree goes, null for nowhere
public record Succession(List<RootfsPath> kept, @Nullable Previous previous) {
    /// Nothing goes on, and nothing stays.
    public static final Succession NONE = new Succession(List.of(), null);

    /// Where an old tree stays, beside the one that replaced it.
    ///
    /// @param name in the same directory; what stands there goes when the old tree comes
    /// @param stays false when the old tree goes too
    /// @param settings a file beside the tree `name`, which goes when no tree stays; or null
    /// @param retired a file in the tree that is called `….previous` from then on, so that nobody
    ///   starts it; or null
    public record Previous(
            String name, boolean stays, @Nullable String settings, @Nullable String retired) {}

    private static final String RETIRED = ".previous";

    public Succession {
        kept = List.copyOf(kept);
    }

    /// The name of a retired file.
    public static String retired(String name) {
        return name + RETIRED;
    }

    /// Gives everything that is kept a place in the new tree, instead of what stands there. The old
    /// tree does not change. A directory that the old tree lacks, or that is empty there, is left
    /// as the new one has it.
    ///
    /// @return what the old tree is to lose when it has been replaced
    /// @throws UndockerException when a directory cannot be kept
    List<RootfsPath> handOn(DirectoryHandle old, DirectoryHandle next) throws IOException {
        List<RootfsPath> handed = new ArrayList<>();
        for (RootfsPath path : kept) {
            if (handed.stream().noneMatch(path::startsWith)) {
                try {
                    if (handOn(old, next, path)) {
                        handed.add(path);
                    }
                } catch (SystemCallException e) {
                    throw new UndockerException(
                                    "/%s: cannot be taken over from the replaced tree: %s"
                                            .formatted(path, e.getMessage()),
                                    e)
                            .withHint("keep it somewhere else, or let it go with --drop-volumes");
                }
            }
        }
        return handed;
    }

    private static boolean handOn(DirectoryHandle old, DirectoryHandle next, RootfsPath path)
            throws IOException {
        try (DirectoryHandle from = existing(old, next, path)) {
            if (from == null || from.list().isEmpty()) {
                return false;
            }
            try (DirectoryHandle to = next.openDirectory(path.toBytes())) {
                // fails before anything is done where it is not offered
                to.takeAttributesOf(to);
                TreeRemoval.removeContent(to);
                link(from, to);
            }
            return true;
        }
    }

    /// Null where the old tree has no such directory. A link there that the new tree has not may
    /// lead to the data.
    private static @Nullable DirectoryHandle existing(
            DirectoryHandle old, DirectoryHandle next, RootfsPath path) throws IOException {
        try {
            return old.openDirectory(path.toBytes());
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOENT)
                    || e.is(Errno.ENOTDIR, Errno.ELOOP) && !hasDirectory(next, path)) {
                return null;
            }
            throw e;
        }
    }

    private static boolean hasDirectory(DirectoryHandle tree, RootfsPath path) throws IOException {
        try (DirectoryHandle directory = directory(tree, path.toBytes())) {
            return directory != null;
        }
    }

    /// Makes `to` the same as `from`, which shares its files.
    private static void link(DirectoryHandle from, DirectoryHandle to) throws IOException {
        for (byte[] name : from.list()) {
            try (DirectoryHandle below = directory(from, name)) {
                if (below == null) {
                    to.makeLink(name, from, name);
                    continue;
                }
                to.makeDirectory(name, 0700);
                try (DirectoryHandle made = to.openDirectory(name)) {
                    link(below, made);
                }
            }
        }
        to.takeAttributesOf(from);
    }

    /// Null for what is no directory.
    private static @Nullable DirectoryHandle directory(DirectoryHandle parent, byte[] name)
            throws IOException {
        try {
            return parent.openDirectory(name);
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOTDIR, Errno.ELOOP)) {
                return null;
            }
            throw e;
        }
    }

    /// Brings the old tree to where it stays, or removes it.
    ///
    /// @param name of the old tree in `parent`
    /// @param handed what it loses
    void settle(DirectoryHandle parent, byte[] name, List<RootfsPath> handed) throws IOException {
        if (previous == null) {
            TreeRemoval.remove(parent, name);
            return;
        }
        byte[] place = bytes(previous.name());
        if (!previous.stays()) {
            TreeRemoval.remove(parent, name);
            removeIfThere(parent, place);
            if (previous.settings() != null) {
                removeIfThere(parent, bytes(previous.settings()));
            }
            return;
        }
        try (DirectoryHandle tree = parent.openDirectory(name)) {
            for (RootfsPath path : handed) {
                try (DirectoryHandle lost = tree.openDirectory(path.toBytes())) {
                    TreeRemoval.removeContent(lost);
                }
            }
            retire(tree, previous.retired());
        }
        if (exchange(parent, name, place)) {
            TreeRemoval.remove(parent, name);
        } else {
            removeIfThere(parent, place);
            parent.rename(name, place, Rename.REPLACE);
        }
    }

    /// @return false where nothing is there to change places with, or nobody offers that
    private static boolean exchange(DirectoryHandle parent, byte[] name, byte[] other)
            throws IOException {
        try {
            parent.rename(name, other, Rename.EXCHANGE);
            return true;
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOENT, Errno.ENOSYS, Errno.EINVAL)) {
                return false;
            }
            throw e;
        }
    }

    private static void retire(DirectoryHandle tree, @Nullable String file) throws IOException {
        try {
            if (file != null) {
                tree.rename(bytes(file), bytes(retired(file)), Rename.REPLACE);
            }
        } catch (SystemCallException e) {
            // somebody has removed it
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    private static void removeIfThere(DirectoryHandle parent, byte[] name) throws IOException {
        try {
            TreeRemoval.remove(parent, name);
        } catch (SystemCallException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }
}
