package dev.undocker.query;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Objects;

/// Finds what a user names in a root file system, as the kernel finds it for a process that has
/// this root and works in it (path_resolution(7)): `..` leads back through links, and a slash at
/// the end asks for a directory.
///
/// @param tree where it is looked for
public record PathLookup(RootfsView tree) {
    /// What is found.
    ///
    /// @param path where it stands; no part of its way is a link
    public record Found(RootfsPath path, Inode inode) {}

    /// @param wanted with or without a slash in front
    /// @throws UndockerException in the kernel's words when there is no such thing
    public Found follow(byte[] wanted) {
        Found found = find(wanted, walk(wanted, wanted));
        if (asksForDirectory(wanted) && !(found.inode() instanceof Inode.Directory)) {
            throw failure(wanted, "not a directory");
        }
        return found;
    }

    /// The same, but a link in the last place is not followed unless a slash follows it.
    ///
    /// @throws UndockerException as [#follow]
    public Found stay(byte[] wanted) {
        if (asksForDirectory(wanted)) {
            return follow(wanted);
        }
        int from = wanted.length;
        while (from > 0 && wanted[from - 1] != '/') {
            from--;
        }
        RootfsPath directory = walk(wanted, Arrays.copyOf(wanted, from));
        if (!(tree.lookup(directory) instanceof Inode.Directory)) {
            throw failure(wanted, "not a directory");
        }
        return find(wanted, directory.resolve(Arrays.copyOfRange(wanted, from, wanted.length)));
    }

    private Found find(byte[] wanted, RootfsPath path) {
        Inode inode = tree.contains(path) ? tree.lookup(path) : null;
        if (inode == null || wanted.length == 0) {
            throw missing(wanted);
        }
        return new Found(path, inode);
    }

    /// @param way `wanted` or its beginning
    private RootfsPath walk(byte[] wanted, byte[] way) {
        PathWalk walk = PathWalk.to(way, tree::lookup);
        if (!walk.met().keySet().stream().allMatch(tree::contains)) {
            throw missing(wanted);
        }
        if (walk.end() == null) {
            throw failure(
                    wanted,
                    walk.met().values().stream().allMatch(PathLookup::leadsOn)
                            ? "too many levels of symbolic links"
                            : "not a directory");
        }
        return Objects.requireNonNull(walk.end());
    }

    private static boolean leadsOn(@Nullable Inode inode) {
        return inode instanceof Inode.Directory || inode instanceof Inode.Symlink;
    }

    /// True when the last name is empty, `.` or `..`: only a directory has those.
    public static boolean asksForDirectory(byte[] wanted) {
        int end = wanted.length;
        int dots = 0;
        while (dots < 2 && dots < end && wanted[end - 1 - dots] == '.') {
            dots++;
        }
        return end > 0 && (end == dots || wanted[end - 1 - dots] == '/');
    }

    private static UndockerException missing(byte[] wanted) {
        return failure(wanted, "no such file or directory");
    }

    /// What is wrong with what the user names.
    public static UndockerException failure(byte[] wanted, String why) {
        return new UndockerException(shown(wanted) + ": " + why);
    }

    /// What the user names, in a message.
    public static String shown(byte[] wanted) {
        return wanted.length == 0 ? "''" : RootfsPath.printable(wanted);
    }
}
