package dev.undocker.output.directory;

import dev.undocker.Events.Task;
import dev.undocker.UndockerException;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Fills a directory with a tree. The calling thread makes the directories at once and collects
/// everything else into batches, which worker threads take; when they are all busy it works on a
/// batch itself. Hard links wait for the end, when their targets exist, and the directories'
/// attributes for the very end, deepest first: until then every directory can be written, and none
/// changes its time afterwards.
///
/// [#accept] and [#finish()] belong to one thread, [#close()] may come from any once that thread is
/// outside.
final class TreeWriter implements Closeable {
    private static final int BATCH_ENTRIES = 64;
    private static final long BATCH_BYTES = 1 << 20;

    /// For each worker, so that it has something to do while the caller writes a large file.
    private static final int QUEUED_BATCHES = 16;

    private final String place;
    private final DirectoryHandle root;
    private final AttributeWriter attributes;
    private final Losses losses;
    private final boolean sparse;
    private final Cancellation cancellation;
    private final Task task;

    private final NodeMaker maker;
    private final List<Thread> workers = new ArrayList<>();
    private final BlockingQueue<List<RootfsEntry.Node>> queue;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<RootfsPath> dropped = ConcurrentHashMap.newKeySet();
    private final List<RootfsEntry.HardLink> links = new ArrayList<>();
    private final List<RootfsEntry.Node> directories = new ArrayList<>();
    private List<RootfsEntry.Node> batch = new ArrayList<>(BATCH_ENTRIES);
    private long batchBytes;
    private volatile boolean complete;

    /// @param place of the tree, for sentences
    /// @param root empty, stays the caller's
    /// @param threads how many threads work, the caller's included
    /// @param task is told how much content is written, and closed at the end
    TreeWriter(
            String place,
            DirectoryHandle root,
            AttributeWriter attributes,
            Losses losses,
            boolean sparse,
            int threads,
            Cancellation cancellation,
            Task task) {
        this.place = place;
        this.root = root;
        this.attributes = attributes;
        this.losses = losses;
        this.sparse = sparse;
        this.cancellation = cancellation;
        this.task = task;
        maker = newMaker();
        queue = new ArrayBlockingQueue<>(QUEUED_BATCHES * Math.max(1, threads - 1));
        for (int i = 1; i < threads; i++) {
            workers.add(Thread.ofPlatform().daemon().name("undocker-tree-" + i).start(this::work));
        }
    }

    private NodeMaker newMaker() {
        return new NodeMaker(
                place, root, attributes, losses, new ContentWriter(sparse, cancellation, task));
    }

    void accept(RootfsEntry entry) {
        check();
        switch (entry) {
            case RootfsEntry.HardLink link -> links.add(link);
            case RootfsEntry.Node node -> {
                switch (node.inode()) {
                    case Inode.Directory directory -> {
                        if (!node.path().isRoot()) {
                            maker.makeDirectory(node.path(), directory.metadata().mode());
                        }
                        directories.add(node);
                    }
                    case Inode.RegularFile file -> add(node, file.content().size());
                    default -> add(node, 0);
                }
            }
        }
    }

    private void add(RootfsEntry.Node node, long size) {
        batch.add(node);
        batchBytes += size;
        if (batch.size() >= BATCH_ENTRIES || batchBytes >= BATCH_BYTES) {
            flush();
        }
    }

    private void flush() {
        List<RootfsEntry.Node> full = batch;
        batch = new ArrayList<>(BATCH_ENTRIES);
        batchBytes = 0;
        if (workers.isEmpty() || !queue.offer(full)) {
            make(full, maker);
        }
    }

    private void make(List<RootfsEntry.Node> nodes, NodeMaker by) {
        for (RootfsEntry.Node node : nodes) {
            check();
            if (!by.make(node.path(), node.inode())) {
                dropped.add(node.path());
            }
        }
    }

    private void check() {
        cancellation.check();
        Throwable failed = failure.get();
        if (failed instanceof RuntimeException e) {
            throw e;
        } else if (failed instanceof Error e) {
            throw e;
        }
    }

    private void work() {
        try (NodeMaker own = newMaker()) {
            while (!cancellation.isCancelled() && failure.get() == null) {
                List<RootfsEntry.Node> next = queue.poll(5, TimeUnit.MILLISECONDS);
                if (next != null) {
                    make(next, own);
                } else if (complete) {
                    own.tell();
                    return;
                }
            }
        } catch (IOException e) {
            failure.compareAndSet(null, UndockerException.because("cannot close a directory", e));
        } catch (InterruptedException e) {
            failure.compareAndSet(null, new UndockerException("interrupted", e));
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /// Makes what waited for the end. The tree is complete afterwards.
    void finish() {
        flush();
        complete = true;
        for (List<RootfsEntry.Node> left = queue.poll(); left != null; left = queue.poll()) {
            make(left, maker);
        }
        join();
        check();
        maker.tell();
        for (RootfsEntry.HardLink link : links) {
            cancellation.check();
            if (!dropped.contains(link.target())) {
                maker.makeLink(link.path(), link.target());
            }
        }
        for (RootfsEntry.Node node : directories.reversed()) {
            cancellation.check();
            if (node.inode() instanceof Inode.Directory directory) {
                maker.finishDirectory(node.path(), directory);
            }
        }
        task.close();
    }

    private void join() {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops the workers and waits for them.
    @Override
    public void close() throws IOException {
        complete = true;
        cancellation.cancel();
        join();
        maker.close();
    }
}
