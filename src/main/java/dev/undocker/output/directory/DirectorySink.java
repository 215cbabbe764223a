package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.MountTable;
import dev.undocker.output.Committed;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.Succession;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// A tree on disk. Other writers put it at a place of their own and add files beside it: see
/// [#in(DirectoryDestination, String, Map, TreeSettings, OutputRequest)].
///
/// [#close()] may be called by another thread at any time: it stops what is being written and
/// removes it.
public final class DirectorySink implements RootfsSink {
    private final DirectoryDestination destination;
    private final DirectoryHandle root;
    private final Warnings warnings;
    private final Losses losses;
    private final Cancellation cancellation = new Cancellation();
    private final TreeWriter tree;
    private final ReentrantLock busy = new ReentrantLock();
    private long devices;
    private boolean closed;

    private DirectorySink(
            DirectoryDestination destination,
            DirectoryHandle root,
            TreeSettings settings,
            OutputRequest request) {
        this.destination = destination;
        this.root = root;
        warnings = request.events();
        losses = new Losses(settings.failsOnLoss());
        WrittenBytes written =
                new WrittenBytes(request.events().task("write", request.sizes().contentBytes()));
        destination.expect(request, written::count);
        tree =
                new TreeWriter(
                        destination.toString(),
                        root,
                        new AttributeWriter(settings.uids(), settings.gids(), losses),
                        losses,
                        settings.sparse(),
                        request.threads(),
                        cancellation,
                        written);
    }

    /// A tree that is the destination itself.
    ///
    /// @throws UndockerException when the destination cannot be used
    public static DirectorySink open(
            String destination, TreeSettings settings, OutputRequest request) {
        return open(destination, settings, request, FileSystemCalls.select());
    }

    static DirectorySink open(
            String destination,
            TreeSettings settings,
            OutputRequest request,
            FileSystemCalls calls) {
        settings.validate();
        return in(
                DirectoryDestination.open(destination, settings.force(), calls, request),
                null,
                Map.of(),
                settings,
                request);
    }

    /// A tree in an open destination, which the sink owns from now on: it is committed and closed
    /// with the sink.
    ///
    /// @param subdirectory name of the directory in it that is to be the tree's root, made here;
    ///   null for the destination itself
    /// @param beside small files by name, for the destination itself
    /// @throws UndockerException when there is not enough space, or a volume would be lost, after
    ///   closing the destination
    public static DirectorySink in(
            DirectoryDestination destination,
            @Nullable String subdirectory,
            Map<String, byte[]> beside,
            TreeSettings settings,
            OutputRequest request) {
        return in(destination, subdirectory, beside, settings, Succession.NONE, request);
    }

    /// The same, where a replaced tree hands something on.
    public static DirectorySink in(
            DirectoryDestination destination,
            @Nullable String subdirectory,
            Map<String, byte[]> beside,
            TreeSettings settings,
            Succession succession,
            OutputRequest request) {
        try {
            return Handover.of(
                    destination,
                    directory -> {
                        directory.succeed(succession);
                        if (!settings.dropsVolumes() && succession.kept().isEmpty()) {
                            Path old = directory.path();
                            VolumeContent.spare(
                                    subdirectory == null ? old : old.resolve(subdirectory),
                                    request);
                        }
                        if (!settings.sparse()) {
                            directory.requireSpace(request.sizes().contentBytes());
                        }
                        beside.forEach(directory::write);
                        return new DirectorySink(
                                directory, root(directory, subdirectory), settings, request);
                    });
        } catch (IOException e) {
            throw UndockerException.because(destination.toString(), e);
        }
    }

    private static DirectoryHandle root(
            DirectoryDestination destination, @Nullable String subdirectory) throws IOException {
        if (subdirectory == null) {
            return destination.root();
        }
        byte[] name = subdirectory.getBytes(StandardCharsets.UTF_8);
        destination.root().makeDirectory(name, 0700);
        return destination.root().openDirectory(name);
    }

    @Override
    public void accept(RootfsEntry entry) {
        busy.lock();
        try {
            if (entry.inode() instanceof Inode.CharacterDevice
                    || entry.inode() instanceof Inode.BlockDevice) {
                devices++;
            }
            tree.accept(entry);
        } finally {
            busy.unlock();
        }
    }

    @Override
    public void finish() {
        busy.lock();
        try {
            tree.finish();
        } finally {
            busy.unlock();
        }
        String lost = losses.sentence();
        if (lost != null) {
            warnings.warn(destination + ": " + lost);
        }
        if (devices > 0 && MountTable.read().hasOption(destination.path(), "nodev")) {
            warnings.warn(
                    "%s: is on a file system that is mounted nodev: device nodes do not work there"
                            .formatted(destination));
        }
    }

    @Override
    public Committed commit() throws IOException {
        busy.lock();
        try {
            cancellation.check();
            return destination.commit();
        } finally {
            busy.unlock();
        }
    }

    @Override
    public void sync() throws IOException {
        destination.sync();
    }

    @Override
    public void close() throws IOException {
        cancellation.cancel();
        busy.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            // what fails to close keeps nothing else open
            try (destination;
                    DirectoryHandle _ = root == destination.root() ? null : root) {
                tree.close();
            }
        } finally {
            busy.unlock();
        }
    }
}
