package dev.undocker.output.incus;

import dev.undocker.output.Committed;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.TarSink;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One tar: the image's own files, and the root file system below `rootfs`.
final class UnifiedSink implements RootfsSink {
    private static final RootfsPath ROOTFS = RootfsPath.of("rootfs");

    private final TarSink tar;
    private final List<RootfsEntry> files;

    /// Where the directories are found.
    private final Map<RootfsPath, RootfsPath> directories = new HashMap<>();

    private boolean begun;

    UnifiedSink(TarSink tar, List<RootfsEntry> files) {
        this.tar = tar;
        this.files = List.copyOf(files);
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        begin();
        tar.accept(
                switch (entry) {
                    case RootfsEntry.Node node -> {
                        RootfsPath path = below(node.path());
                        if (node.inode() instanceof Inode.Directory) {
                            directories.put(node.path(), path);
                        }
                        yield new RootfsEntry.Node(path, node.inode());
                    }
                    case RootfsEntry.HardLink link ->
                            new RootfsEntry.HardLink(
                                    below(link.path()), below(link.target()), link.inode());
                });
    }

    /// Metadata comes first, so that a reader need not go through the whole image for it.
    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            for (RootfsEntry file : files) {
                tar.accept(file);
            }
        }
    }

    private RootfsPath below(RootfsPath path) {
        RootfsPath directory = path.parent();
        return directory == null
                ? ROOTFS
                : path.in(Objects.requireNonNull(directories.get(directory)));
    }

    @Override
    public void finish() throws IOException {
        begin();
        tar.finish();
    }

    @Override
    public Committed commit() {
        return tar.commit();
    }

    @Override
    public void sync() {
        tar.sync();
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }
}
