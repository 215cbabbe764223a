package dev.undocker.rootfs;

import dev.undocker.UndockerException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Reads the names of a layer as paths that share their directories: what a path costs is its last
/// name, however long and deep it is. Not thread-safe.
public final class PathPool {
    private final Map<RootfsPath, RootfsPath> directories = new HashMap<>();

    private byte[] last = {};

    /// Where the slashes of [#last] stand, and what it leads to up to there: names that follow each
    /// other mostly begin alike.
    private int[] slashes = new int[16];

    private RootfsPath[] reached = new RootfsPath[16];
    private int depth;

    /// The same as [RootfsPath#of(byte\[\])].
    ///
    /// @param name never written again
    /// @throws UndockerException when the name is too long, leaves the root or holds a NUL byte
    public RootfsPath of(byte[] name) {
        RootfsPath.requireValid(name, 0);
        int common = Arrays.mismatch(last, name);
        if (common >= 0) {
            while (depth > 0 && slashes[depth - 1] >= common) {
                depth--;
            }
        }
        last = name;
        RootfsPath path = depth == 0 ? RootfsPath.ROOT : reached[depth - 1];
        int from = depth == 0 ? 0 : slashes[depth - 1] + 1;
        for (int i = from; i < name.length; i++) {
            if (name[i] == '/') {
                path = shared(path.step(name, from, i, false));
                from = i + 1;
                remember(i, path);
            }
        }
        return path.step(name, from, name.length, false);
    }

    /// How many directories the names have had so far.
    public int directories() {
        return directories.size();
    }

    private RootfsPath shared(RootfsPath directory) {
        RootfsPath known = directories.putIfAbsent(directory, directory);
        return known == null ? directory : known;
    }

    private void remember(int slash, RootfsPath path) {
        if (depth == slashes.length) {
            slashes = Arrays.copyOf(slashes, 2 * depth);
            reached = Arrays.copyOf(reached, 2 * depth);
        }
        slashes[depth] = slash;
        reached[depth] = path;
        depth++;
    }
}
