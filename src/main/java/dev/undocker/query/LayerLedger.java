package dev.undocker.query;

import dev.undocker.merge.MergeEvent;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What each layer of a merge does to those below it, in numbers. It is told what happens, and
/// asked when all of it has. Names that nobody touches again cost it nothing but an addition.
public final class LayerLedger implements Consumer<MergeEvent> {
    /// Where aufs keeps files that are no names themselves, but that hard links point to.
    private static final RootfsPath PSEUDO_LINKS = RootfsPath.of(".wh..wh.plnk");

    // by number of the layer
    private final long[] added;
    private final long[] changed;
    private final long[] hidden;
    private final long[] bytes;

    /// Files that lost a name or got another one.
    private final Map<Inode, Fate> fates = new IdentityHashMap<>();

    private int layer;

    /// Names of lower layers that the present one has made its own; false for a directory that it
    /// merely repeats.
    private final Map<RootfsPath, Boolean> taken = new HashMap<>();

    /// Names of lower layers that the present one has removed.
    private final Set<RootfsPath> lost = new HashSet<>();

    /// @param layers how many there are
    public LayerLedger(int layers) {
        added = new long[layers + 1];
        changed = new long[layers + 1];
        hidden = new long[layers + 1];
        bytes = new long[layers + 1];
    }

    /// One layer's numbers. Names are counted without the root, and as what they are when the layer
    /// is done: one that it removes and brings again has changed.
    ///
    /// @param added names that were not there
    /// @param changed names that stay, but for something else, or a directory with other metadata
    /// @param hidden names of lower layers that are there no more
    /// @param bytes of data in its regular files, holes left out
    /// @param wasted those of these bytes that no name leads to in the end
    public record Sums(long added, long changed, long hidden, long bytes, long wasted) {}

    /// What becomes of a regular file.
    private static final class Fate {
        final Inode.RegularFile file;

        /// The layer that has its data: the lowest that had a name of it.
        int layer;

        int names;
        RootfsPath lastName = RootfsPath.ROOT;
        int hiddenBy;

        Fate(Inode.RegularFile file, int layer, int names) {
            this.file = file;
            this.layer = layer;
            this.names = names;
        }
    }

    @Override
    public void accept(MergeEvent event) {
        if (event.layer() != layer) {
            endLayer();
            layer = event.layer();
        }
        switch (event) {
            case MergeEvent.Added come -> {
                add(come.path());
                if (come.inode() instanceof Inode.RegularFile file) {
                    bytes[layer] += file.content().dataSize();
                }
            }
            case MergeEvent.Linked come -> {
                add(come.path());
                if (come.inode() instanceof Inode.RegularFile file) {
                    link(file, come.target());
                }
            }
            case MergeEvent.Implied come -> add(come.path());
            case MergeEvent.Updated stay -> update(stay);
            case MergeEvent.Removed gone -> {
                remove(gone);
                if (gone.inode() instanceof Inode.RegularFile file) {
                    unlink(file, gone);
                }
            }
        }
    }

    private void endLayer() {
        for (boolean differs : taken.values()) {
            changed[layer] += differs ? 1 : 0;
        }
        hidden[layer] = lost.size();
        taken.clear();
        lost.clear();
    }

    private void add(RootfsPath path) {
        if (lost.remove(path)) {
            taken.put(path, true);
        } else {
            added[layer]++;
        }
    }

    private void update(MergeEvent.Updated stay) {
        boolean differs = !stay.inode().metadata().equals(stay.before().metadata());
        if (stay.by() == layer) {
            taken.computeIfPresent(stay.path(), (_, already) -> already || differs);
        } else if (stay.by() > 0) {
            taken.put(stay.path(), differs);
        }
    }

    private void remove(MergeEvent.Removed gone) {
        if (gone.of() < layer || taken.remove(gone.path()) != null) {
            lost.add(gone.path());
        } else {
            added[layer]--;
        }
    }

    private void link(Inode.RegularFile file, RootfsPath target) {
        Fate fate = fates.get(file);
        if (fate == null) {
            boolean first = target.startsWith(PSEUDO_LINKS);
            if (first) {
                bytes[layer] += file.content().dataSize();
            }
            // another first name is of this layer or a lower one, which is known when it goes
            fate = new Fate(file, layer, first ? 0 : 1);
            fates.put(file, fate);
        }
        fate.names++;
    }

    private void unlink(Inode.RegularFile file, MergeEvent.Removed gone) {
        Fate fate = fates.computeIfAbsent(file, _ -> new Fate(file, gone.of(), 1));
        fate.names--;
        fate.layer = Math.min(fate.layer, gone.of());
        fate.lastName = gone.path();
        fate.hiddenBy = layer;
    }

    /// The files that the layers carry in vain, in the order of their last names.
    public List<Wasted> wasted() {
        List<Wasted> wasted = new ArrayList<>();
        for (Fate fate : fates.values()) {
            if (fate.names == 0) {
                wasted.add(
                        new Wasted(
                                fate.lastName,
                                fate.file.content().dataSize(),
                                fate.layer,
                                fate.hiddenBy));
            }
        }
        wasted.sort(
                Comparator.comparing(Wasted::path)
                        .thenComparing(Wasted::layer)
                        .thenComparing(Wasted::hiddenBy));
        return wasted;
    }

    /// The layers' numbers, base first.
    public List<Sums> sums() {
        endLayer();
        layer = 0;
        long[] wasted = new long[bytes.length];
        for (Fate fate : fates.values()) {
            if (fate.names == 0) {
                wasted[fate.layer] += fate.file.content().dataSize();
            }
        }
        List<Sums> sums = new ArrayList<>();
        for (int number = 1; number < bytes.length; number++) {
            sums.add(
                    new Sums(
                            added[number],
                            changed[number],
                            hidden[number],
                            bytes[number],
                            wasted[number]));
        }
        return sums;
    }
}
