package dev.undocker.layer;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the layers read so far hide of lower ones. This is a guess that saves temporary space: it
/// goes by names, and knows nothing of symbolic links that lead to others. Thread-safe.
final class UpperLayers {
    /// For each name the number of the highest layer that replaces or removes it.
    private final Map<RootfsPath, Integer> names = new ConcurrentHashMap<>();

    /// The same for names that go with all that is below them.
    private final Map<RootfsPath, Integer> trees = new ConcurrentHashMap<>();

    private final Map<RootfsPath, Integer> opaque = new ConcurrentHashMap<>();

    /// What hard links point to, in their own layer or a lower one.
    private final Set<RootfsPath> targets = ConcurrentHashMap.newKeySet();

    /// @param number of the layer in the stack, the highest one if it stands there several times
    void add(int number, List<LayerEntry> entries) {
        for (LayerEntry entry : entries) {
            switch (entry) {
                case LayerEntry.Addition(RootfsPath path, Inode.Directory directory) -> {}
                case LayerEntry.Addition(RootfsPath path, Inode inode) ->
                        names.merge(path, number, Math::max);
                case LayerEntry.HardLink(RootfsPath path, RootfsPath target) -> {
                    names.merge(path, number, Math::max);
                    targets.add(target);
                }
                case LayerEntry.Whiteout(RootfsPath path) -> trees.merge(path, number, Math::max);
                case LayerEntry.OpaqueWhiteout(RootfsPath path) ->
                        opaque.merge(path, number, Math::max);
                case LayerEntry.PseudoLink pseudoLink -> {}
            }
        }
    }

    /// True when a layer above `number` replaces or removes the file that layer `number` has at
    /// `path`.
    boolean hide(int number, RootfsPath path) {
        boolean hidden =
                isAbove(number, names.get(path))
                        || !(trees.isEmpty() && opaque.isEmpty()) && isBelowHidden(number, path);
        return hidden && !targets.contains(path);
    }

    private boolean isBelowHidden(int number, RootfsPath path) {
        for (RootfsPath at = path.parent(); at != null; at = at.parent()) {
            if (isAbove(number, trees.get(at)) || isAbove(number, opaque.get(at))) {
                return true;
            }
        }
        return isAbove(number, trees.get(path));
    }

    private static boolean isAbove(int number, @Nullable Integer other) {
        return other != null && other > number;
    }
}
