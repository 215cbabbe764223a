package dev.undocker.convert;

import dev.undocker.Events;
import dev.undocker.ReaderGoneException;
import dev.undocker.UndockerException;
import dev.undocker.image.Image;
import dev.undocker.merge.ImageRootfs;
import dev.undocker.merge.MergePlan;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.JointOutput;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One run: an opened image is merged once and written to all outputs, which are committed together
/// when everything is written and verified. Without that nothing stays behind: where one cannot be
/// committed, the others are taken back.
///
/// [#run()] is called once; [#close()] may be called by another thread to clean up while it runs.
public final class Conversion implements Closeable {
    private static final long PATIENCE_SECONDS = 2;

    private final Image image;
    private final ConversionOptions options;
    private final List<Output> outputs;
    private final Events events;
    private final List<RootfsSink> sinks = new CopyOnWriteArrayList<>();
    private final ReentrantLock opening = new ReentrantLock();
    private final ReentrantLock committing = new ReentrantLock();
    private volatile boolean closed;
    private volatile boolean committed;
    private long contentBytes;

    /// @param image stays the caller's to close
    public Conversion(Image image, ConversionOptions options, List<Output> outputs, Events events) {
        this.image = image;
        this.options = options;
        this.outputs = List.copyOf(outputs);
        this.events = events;
    }

    /// @throws UndockerException when the image cannot be merged, does not match its digests, or an
    ///   output cannot be written
    /// @throws ReaderGoneException when that is because nobody reads it any more
    public void run() {
        // an image that lies uncompressed on disk needs no temporary file, which would do it
        options.temporary().clean();
        ImageRootfs rootfs =
                ImageRootfs.merge(
                        image, options.temporary(), options.verify(), options.threads(), events);
        try (Closeable _ = () -> close("the layers", rootfs)) {
            write(rootfs);
        } catch (IOException e) {
            throw ReaderGoneException.or(
                    UndockerException.because(place() + ": cannot be written", e));
        } catch (UndockerException e) {
            throw ReaderGoneException.or(e);
        }
    }

    /// Which of several outputs failed only its own messages say.
    private String place() {
        return outputs.size() == 1
                ? FileDestination.described(outputs.getFirst().destination())
                : "the output";
    }

    private void write(ImageRootfs rootfs) throws IOException {
        MergePlan plan = rootfs.tree().plan(options.filter(), options.latestTime());
        for (String pattern : options.filter().withoutMatch()) {
            events.warn("--include %s: nothing in the image matches".formatted(pattern));
        }
        open(rootfs.tree(), plan);
        for (RootfsEntry entry : plan) {
            for (RootfsSink sink : sinks) {
                sink.accept(entry);
            }
        }
        for (RootfsSink sink : sinks) {
            sink.finish();
        }
        rootfs.verified();
        if (options.durable()) {
            sync();
        }
        commit();
    }

    /// How long the disk takes nobody can tell.
    private void sync() throws IOException {
        Events.Task sync = events.task("sync", Events.UNKNOWN);
        new JointOutput(sinks).sync();
        sync.close();
    }

    private void open(MergedRootfs rootfs, MergePlan plan) {
        contentBytes = plan.contentBytes();
        OutputRequest.Totals totals = new OutputRequest.Totals(plan.size(), contentBytes);
        for (Output output : outputs) {
            OutputRequest request =
                    new OutputRequest(
                            output.destination(),
                            image,
                            rootfs,
                            totals,
                            options.threads(),
                            options.durable(),
                            events);
            opening.lock();
            try {
                if (closed) {
                    throw new UndockerException("interrupted");
                }
                sinks.add(output.settings().open(request));
            } finally {
                opening.unlock();
            }
        }
    }

    /// All outputs get their names or none; [#close()] finds all or none of them.
    private void commit() throws IOException {
        committing.lock();
        try {
            if (closed) {
                throw new UndockerException("interrupted");
            }
            JointOutput outputs = new JointOutput(sinks);
            Committed back = outputs.commit();
            if (options.durable()) {
                syncNames(outputs, back);
            }
            committed = true;
        } finally {
            committing.unlock();
        }
    }

    private static void syncNames(JointOutput outputs, Committed committed) throws IOException {
        try {
            outputs.sync();
        } catch (IOException | RuntimeException | Error e) {
            committed.takeBack();
            throw e;
        }
    }

    /// True once all outputs have their names for good.
    public boolean isCommitted() {
        return committed;
    }

    /// How much data the files of each output hold; known once it has run.
    public long contentBytes() {
        return contentBytes;
    }

    /// Closing comes when all is decided: what fails there changes nothing, but is said.
    private void close(String what, Closeable finished) {
        try {
            finished.close();
        } catch (IOException e) {
            events.warn(UndockerException.because("cannot close " + what, e).sentence());
        } catch (RuntimeException e) {
            events.warn("cannot close %s: %s".formatted(what, e));
        }
    }

    /// Closes the outputs; those that were not committed disappear. Commits that have begun are
    /// waited for: either all outputs stay or none. What fails is only warned of.
    @Override
    public void close() {
        closed = true;
        boolean waited = waitForOpening();
        committing.lock();
        try {
            close("the outputs", new JointOutput(sinks));
        } finally {
            committing.unlock();
            if (waited) {
                opening.unlock();
            }
        }
    }

    /// Lets an output that is being opened become one that can be closed; but opening a FIFO may
    /// take for ever.
    private boolean waitForOpening() {
        try {
            return opening.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
