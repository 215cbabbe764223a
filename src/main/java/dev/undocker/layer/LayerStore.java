package dev.undocker.layer;

import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.content.OpenedFile;
import dev.undocker.content.StoredBytes;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;
import dev.undocker.rootfs.Inode;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes every layer of an image readable at any offset, several at a time: uncompressed layers
/// where they lie, compressed ones decoded into temporary files. Digests and diffIDs are verified
/// meanwhile; [#verified()] tells the outcome, which may come after the content was used. Content
/// may be read once [#complete] was called.
///
/// Closing it ends the work under way and frees the temporary files. One thread uses it.
public final class LayerStore implements Closeable {
    /// Layers that come from afar are mostly waited for.
    private static final int DOWNLOADS = 6;

    private static final long PATIENCE_SECONDS = 2;

    private static final Comparator<Source> LARGEST_FIRST =
            (one, other) -> Long.compare(other.size(), one.size());

    private final KeptContent kept;
    private final ExecutorService workers;
    private final LayerProgress progress;
    private final LayerSpool spool;
    private final LayerReader reader;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private final List<Future<?>> checks = new ArrayList<>();
    private final Set<OpenedFile> origins = new HashSet<>();

    /// @param again true when the same entries stand lower in the stack too
    private record Pending(LayerBlob blob, Future<List<LayerEntry>> entries, boolean again) {
        LayerIndex index() {
            List<LayerEntry> read = result(entries);
            return new LayerIndex(
                    blob, again ? read.stream().map(LayerEntry::again).toList() : read);
        }
    }

    /// What makes two layers of a stack the same work: bytes and all that they must match.
    private record Stored(StoredBytes data, Digest diffId, @Nullable Digest digest) {
        static Stored of(LayerBlob blob) {
            return new Stored(blob.data(), blob.diffId(), blob.digest());
        }
    }

    /// A layer to read.
    ///
    /// @param tar where it lies on disk as a tar; null when it is to be decoded
    private record Source(LayerBlob blob, @Nullable FileSlice tar) {
        long size() {
            return blob.data().size();
        }
    }

    /// Starts to read all layers; how far that is goes to `events`.
    ///
    /// @param layers base first
    /// @param temporary where compressed layers are decoded to, and how much of them
    /// @param kept what of them
    /// @param verify false skips what would be read or hashed only to be checked
    /// @param threads how many layers may be worked on at once; of those that do not lie on this
    ///   machine some more may arrive
    public LayerStore(
            List<LayerBlob> layers,
            TemporaryFiles temporary,
            KeptContent kept,
            boolean verify,
            int threads,
            Events events) {
        this.kept = kept;
        // the same blob may stand several times in a stack; its highest place counts
        Map<Stored, LayerBlob> distinct = new LinkedHashMap<>();
        layers.reversed().forEach(blob -> distinct.putIfAbsent(Stored.of(blob), blob));
        List<Source> order =
                order(
                        distinct.values().stream()
                                .map(blob -> new Source(blob, LayerReader.tar(blob)))
                                .toList(),
                        threads);
        progress = progress(order, verify, events);
        Allowance allowance =
                new Allowance(temporary.limits(), order.stream().mapToLong(Source::size).sum());
        spool =
                new LayerSpool(
                        temporary, kept, verify, allowance, progress, workload(order, threads));
        reader = new LayerReader(spool, allowance, progress);
        boolean arrive = !layers.stream().allMatch(blob -> blob.data().isHere());
        AtomicInteger number = new AtomicInteger();
        workers =
                Executors.newFixedThreadPool(
                        arrive ? Math.max(threads, DOWNLOADS) : threads,
                        task -> {
                            Thread thread = new Thread(task, "layer-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        Map<Stored, Future<List<LayerEntry>>> entries = new HashMap<>();
        for (Source source : order) {
            entries.put(
                    Stored.of(source.blob()),
                    submit(() -> reader.read(source.blob(), source.tar())));
        }
        Set<Stored> lower = new HashSet<>();
        for (LayerBlob blob : layers) {
            Stored stored = Stored.of(blob);
            pending.add(
                    new Pending(
                            blob, Objects.requireNonNull(entries.get(stored)), !lower.add(stored)));
        }
        if (verify) {
            // after all reading: whoever waits for the indexes goes first; the largest first, so
            // that whatever comes last is short
            order.sort(LARGEST_FIRST);
            for (Source source : order) {
                FileSlice tar = source.tar();
                if (tar != null) {
                    checks.add(
                            submit(() -> {
                                reader.verify(source.blob(), tar);
                                return null;
                            }));
                    if (tar.origin() != null) {
                        origins.add(tar.origin());
                    }
                }
            }
        }
    }

    private static LayerProgress progress(List<Source> sources, boolean verify, Events events) {
        long download = 0;
        long decode = 0;
        long check = 0;
        for (Source source : sources) {
            if (source.tar() != null) {
                check += verify ? source.size() : 0;
            } else if (source.blob().data().isHere()) {
                decode += source.size();
            } else {
                download += source.size();
            }
        }
        return new LayerProgress(events, download, decode, check);
    }

    private static Workload workload(List<Source> sources, int threads) {
        List<Source> toDecode = sources.stream().filter(source -> source.tar() == null).toList();
        return new Workload(
                threads, toDecode.size(), toDecode.stream().mapToLong(Source::size).sum());
    }

    /// In which order to read the layers: those to decode from the top, so that most of what upper
    /// layers hide is known when a lower one comes; then the others from the base, as they are
    /// merged. But a layer to decode that would keep one thread busy when the others have nothing
    /// left to do goes first.
    private static List<Source> order(List<Source> topFirst, int threads) {
        List<Source> order = new ArrayList<>();
        List<Source> plain = new ArrayList<>();
        List<Source> compressed = new ArrayList<>();
        for (Source source : topFirst) {
            (source.tar() == null ? compressed : plain).add(source);
        }
        long left = compressed.stream().mapToLong(Source::size).sum();
        while (!compressed.isEmpty()) {
            Source next = Collections.min(compressed, LARGEST_FIRST);
            if (next.size() * (threads - 1) < left - next.size()) {
                next = compressed.getFirst();
            }
            compressed.remove(next);
            order.add(next);
            left -= next.size();
        }
        order.addAll(plain.reversed());
        return order;
    }

    private <T> Future<T> submit(Callable<T> task) {
        return workers.submit(task);
    }

    /// The layers' indexes, base first; each is waited for when its turn comes. To be iterated
    /// once: what was given is not kept.
    public Iterable<LayerIndex> indexes() {
        return () ->
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return !pending.isEmpty();
                    }

                    @Override
                    public LayerIndex next() {
                        return pending.remove().index();
                    }
                };
    }

    /// Ends the reading of layers and makes content readable, if any was to be kept. Of a
    /// compressed layer only that was which the layers above seemed to leave alive; here what is
    /// missing is decoded again.
    ///
    /// @param survivors of the merge
    public void complete(Iterable<Inode> survivors) {
        if (kept == KeptContent.OF_SURVIVORS) {
            load(survivors);
        }
        progress.decoded();
    }

    /// Makes the content of these inodes readable.
    public void load(Iterable<Inode> inodes) {
        List<Future<?>> completions = new ArrayList<>();
        for (SpooledLayer layer : spool.lacking(inodes)) {
            completions.add(
                    submit(() -> {
                        reader.complete(layer);
                        return null;
                    }));
        }
        completions.forEach(LayerStore::result);
        progress.decodedAgain();
    }

    /// Waits until every check is done. What lies on disk as a tar is read twice, to be checked and
    /// to be copied: that was the same when nobody wrote to it up to now.
    ///
    /// @throws UndockerException naming the layer when a digest, size or diffID does not match, or
    ///   the file that was changed
    public void verified() {
        checks.forEach(LayerStore::result);
        origins.forEach(LayerStore::requireUnchanged);
        progress.verified();
    }

    private static void requireUnchanged(OpenedFile file) {
        try {
            if (!file.isUnchanged()) {
                throw new UndockerException(file.path() + ": was changed while it was read")
                        .withHint("try again when nobody writes to it");
            }
        } catch (IOException e) {
            throw UndockerException.because(file.path().toString(), e);
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UndockerException("interrupted", e);
        } catch (CancellationException e) {
            throw new UndockerException("interrupted", e);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static RuntimeException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case UndockerException known -> known;
            case Error error -> throw error;
            case null, default -> new IllegalStateException(cause);
        };
    }

    @Override
    public void close() throws IOException {
        workers.shutdownNow();
        try {
            // whoever waits for a server cannot be interrupted
            workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            spool.close();
        }
    }
}
