package dev.undocker.output.process;

import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.Committable;
import dev.undocker.output.Committed;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.PathKind;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.PathPool;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// One new directory of this machine that holds volumes, with what the image has in them. Like
/// every output it takes its name at the end.
final class VolumeSeed implements Committable {
    private final RootfsPath base;
    private final List<RootfsPath> volumes;
    private final DirectorySink tree;
    private final PathPool names = new PathPool();

    /// For inodes whose first name lies outside the volumes: their first name in here.
    private final Map<RootfsPath, RootfsPath> firstNames = new HashMap<>();

    private VolumeSeed(RootfsPath base, List<RootfsPath> volumes, DirectorySink tree) {
        this.base = base;
        this.volumes = List.copyOf(volumes);
        this.tree = tree;
    }

    /// The topmost directory that has to be made for a volume, or null when it is there.
    ///
    /// @param host above which nothing is made
    /// @throws UndockerException when something else than directories is there
    static @Nullable RootfsPath missing(Path host, RootfsPath volume) {
        Path at = host;
        Path link = null;
        for (RootfsPath wanted : wayTo(volume)) {
            at = at.resolve(FileSystemCalls.path(wanted.name()));
            PathKind kind = PathKind.of(at);
            if (kind == PathKind.NOTHING) {
                if (link != null) {
                    // a container may have made it, to lead us out of its volume
                    throw new UndockerException(
                            "%s: is a symbolic link, through which no volume is made"
                                    .formatted(link));
                }
                return wanted;
            }
            if (PathKind.behind(at) != PathKind.DIRECTORY) {
                throw new UndockerException(at + ": not a directory, as a volume has to be");
            }
            if (kind == PathKind.LINK) {
                link = at;
            }
        }
        return null;
    }

    /// The directories on the way, the topmost first, and the volume itself.
    private static Iterable<RootfsPath> wayTo(RootfsPath volume) {
        Deque<RootfsPath> way = new ArrayDeque<>();
        for (RootfsPath at = volume; at != null && !at.isRoot(); at = at.parent()) {
            way.addFirst(at);
        }
        return way;
    }

    /// @param base the directory to make, as a path below `host`
    /// @param volumes those in it
    /// @throws UndockerException when it cannot be made
    static VolumeSeed open(
            Path host,
            RootfsPath base,
            List<RootfsPath> volumes,
            TreeSettings settings,
            OutputRequest request) {
        Path path = host.resolve(FileSystemCalls.path(base.toBytes()));
        // nobody knows how much of the image there will be, so it is no part of the progress
        OutputRequest own =
                new OutputRequest(
                        path.toString(),
                        request.image(),
                        request.rootfs(),
                        new OutputRequest.Totals(0, 0),
                        1,
                        request.durable(),
                        request.events()::warn);
        DirectoryDestination destination =
                DirectoryDestination.open(own.destination(), false, FileSystemCalls.select(), own);
        try {
            return Handover.of(
                    DirectorySink.in(destination, null, Map.of(), settings, own),
                    tree -> {
                        VolumeSeed seed = new VolumeSeed(base, volumes, tree);
                        seed.makeParents();
                        return seed;
                    });
        } catch (IOException e) {
            throw UndockerException.because(own.destination(), e);
        }
    }

    /// The directories above the volumes.
    private void makeParents() {
        SortedSet<RootfsPath> parents = new TreeSet<>();
        for (RootfsPath volume : volumes) {
            RootfsPath above = volume.parent();
            while (above != null && above.startsWith(base)) {
                if (!holds(above)) {
                    parents.add(above);
                }
                above = above.parent();
            }
        }
        Inode directory = new Inode.Directory(Metadata.IMPLIED_DIRECTORY);
        parents.forEach(path -> tree.accept(new RootfsEntry.Node(below(path), directory)));
    }

    /// Takes what lies in the volumes.
    void accept(RootfsEntry entry) {
        if (holds(entry.path())) {
            tree.accept(
                    switch (entry) {
                        case RootfsEntry.Node(RootfsPath path, Inode inode) ->
                                new RootfsEntry.Node(below(path), inode);
                        case RootfsEntry.HardLink link -> moved(link);
                    });
        }
    }

    private RootfsEntry moved(RootfsEntry.HardLink link) {
        RootfsPath path = below(link.path());
        if (holds(link.target())) {
            return new RootfsEntry.HardLink(path, below(link.target()), link.inode());
        }
        RootfsPath first = firstNames.putIfAbsent(link.target(), path);
        return first == null
                ? new RootfsEntry.Node(path, link.inode())
                : new RootfsEntry.HardLink(path, first, link.inode());
    }

    private boolean holds(RootfsPath path) {
        return volumes.stream().anyMatch(path::startsWith);
    }

    private RootfsPath below(RootfsPath path) {
        byte[] bytes = path.toBytes();
        int start = Math.min(bytes.length, base.length() + 1);
        return names.of(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    void finish() {
        tree.finish();
    }

    @Override
    public Committed commit() throws IOException {
        return tree.commit();
    }

    @Override
    public void sync() throws IOException {
        tree.sync();
    }

    @Override
    public void close() throws IOException {
        tree.close();
    }
}
