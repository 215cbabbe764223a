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
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a tree hands on to the one that replaces it, and what becomes of it.
///
/// Directories that go on are in both trees while these change places: each file has a further name
/// in the new one, so that whatever happens either tree is complete, and no data is copied.
/// Afterwards the old tree loses them, because two machines with the same files would spoil them.
///
/// @param root of the file system in both trees
/// @param kept directories that go on, below `root`, by names that may be links
/// @param previous where the old tree goes, null for nowhere
public record Succession(RootfsPath root, List<RootfsPath> kept, @Nullable Previous previous) {
    /// Nothing goes on, and nothing stays.
    public static final Succession NONE = new Succession(RootfsPath.ROOT, List.of(), null);

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

    private static final int RETIRED_MODE = 0644;

    public Succession {
        kept = List.copyOf(kept);
    }

    /// The name of a retired file.
    public static String retired(String name) {
        return name + RETIRED;
    }

    /// Gives everything that is kept a place in the new tree, instead of what stands there. The old
    /// tree does not change. A directory that the old tree lacks, or that is empty there, is left
    /// as the new one has it, in another one that is kept too.
    ///
    /// @return what the old tree is to lose when it has been replaced, in it
    /// @throws UndockerException when a directory cannot be kept
    List<RootfsPath> handOn(DirectoryHandle old, DirectoryHandle next) throws IOException {
        SortedSet<RootfsPath> places = new TreeSet<>();
        for (RootfsPath path : kept) {
            try {
                place(old, next, path).ifPresent(places::add);
            } catch (SystemCallException e) {
                throw refusal(path, e.getMessage(), e);
            }
        }
        List<RootfsPath> handed = new ArrayList<>();
        for (RootfsPath path : places) {
            RootfsPath place = in(path);
            if (handed.stream().noneMatch(place::startsWith)) {
                try {
                    if (handOn(old, next, place, nested(places, old, next, path))) {
                        handed.add(place);
                    }
                } catch (SystemCallException e) {
                    throw refusal(path, e.getMessage(), e);
                }
            }
        }
        return handed;
    }

    /// Where `path` is in both trees, without links; nothing where there is nothing to hand on.
    ///
    /// @throws UndockerException where it leads to two places: which of them the next machine's
    ///   process will read its data from, and what is there now, nobody has said
    private Optional<RootfsPath> place(DirectoryHandle old, DirectoryHandle next, RootfsPath path)
            throws IOException {
        RootfsPath before = new TreeWalk(old, root).to(path).end();
        RootfsPath after = new TreeWalk(next, root).to(path).end();
        if (Objects.equals(before, after)) {
            if (after != null && after.isRoot()) {
                throw refusal(path, "it is the root, where the image has its own files", null);
            }
            return Optional.ofNullable(after);
        }
        if (before != null && before.equals(path) && isEmpty(old, next, path)) {
            return Optional.empty();
        }
        throw refusal(
                path,
                "it leads to %s there, and to %s in the new one"
                        .formatted(name(before), name(after)),
                null);
    }

    private static String name(@Nullable RootfsPath end) {
        return end == null ? "nothing" : end.isRoot() ? "/" : "/" + end;
    }

    private static UndockerException refusal(
            RootfsPath path, @Nullable String why, @Nullable Exception cause) {
        return new UndockerException(
                        "/%s: cannot be taken over from the replaced tree: %s".formatted(path, why),
                        cause)
                .withHint("keep it somewhere else, or let it go with --drop-volumes");
    }

    /// Whether the old tree has nothing there.
    private boolean isEmpty(DirectoryHandle old, DirectoryHandle next, RootfsPath path)
            throws IOException {
        try (DirectoryHandle from = existing(old, next, in(path))) {
            return from == null || from.list().isEmpty();
        }
    }

    private RootfsPath in(RootfsPath path) {
        return root.resolve(path.toBytes());
    }

    /// What is kept below `path`, seen from there, and not in the old tree.
    private List<RootfsPath> nested(
            SortedSet<RootfsPath> places,
            DirectoryHandle old,
            DirectoryHandle next,
            RootfsPath path)
            throws IOException {
        List<RootfsPath> nested = new ArrayList<>();
        for (RootfsPath below : places) {
            if (below.isBelow(path) && isEmpty(old, next, below)) {
                nested.add(seenFrom(path, below));
            }
        }
        return nested;
    }

    private static RootfsPath seenFrom(RootfsPath directory, RootfsPath below) {
        byte[] bytes = below.toBytes();
        return RootfsPath.of(Arrays.copyOfRange(bytes, directory.length() + 1, bytes.length));
    }

    private static boolean handOn(
            DirectoryHandle old, DirectoryHandle next, RootfsPath path, List<RootfsPath> nested)
            throws IOException {
        try (DirectoryHandle from = existing(old, next, path)) {
            if (from == null || from.list().isEmpty()) {
                return false;
            }
            try (DirectoryHandle to = next.openDirectory(path.toBytes())) {
                // fails before anything is done where it is not offered
                to.takeAttributesOf(to);
                clear(to, nested);
                link(from, to);
            }
            return true;
        }
    }

    /// Removes all but some directories in it, and those on the way to them.
    private static void clear(DirectoryHandle directory, List<RootfsPath> spared)
            throws IOException {
        for (byte[] name : directory.list()) {
            RootfsPath own = RootfsPath.of(name);
            if (spared.contains(own)) {
                continue;
            }
            List<RootfsPath> below =
                    spared.stream()
                            .filter(path -> path.isBelow(own))
                            .map(path -> seenFrom(own, path))
                            .toList();
            try (DirectoryHandle way = below.isEmpty() ? null : directory(directory, name)) {
                if (way == null) {
                    TreeRemoval.remove(directory, name);
                } else {
                    clear(way, below);
                }
            }
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
                makeDirectory(to, name);
                try (DirectoryHandle made = to.openDirectory(name)) {
                    link(below, made);
                }
            }
        }
        to.takeAttributesOf(from);
    }

    /// One that is on the way to another is there already.
    private static void makeDirectory(DirectoryHandle parent, byte[] name) throws IOException {
        try {
            parent.makeDirectory(name, 0700);
        } catch (SystemCallException e) {
            if (!e.is(Errno.EEXIST)) {
                throw e;
            }
        }
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
        if (file == null) {
            return;
        }
        try {
            tree.rename(bytes(file), bytes(retired(file)), Rename.REPLACE);
        } catch (SystemCallException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
            // somebody has removed it; by its retired name the next update knows the tree
            tree.makeFile(bytes(retired(file)), RETIRED_MODE).close();
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
