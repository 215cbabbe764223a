package dev.undocker.layer;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Digest;
import dev.undocker.image.LayerBlob;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes every layer of an image readable at any offset, several at a time: uncompressed layers
/// where they lie, compressed ones decoded once into temporary files. Digests and diffIDs are
/// verified meanwhile; [#verified()] tells the outcome, which may come after the content was used.
///
/// Closing it ends the work under way and frees the temporary files. One thread uses it.
public final class LayerStore implements Closeable {
    private final ExecutorService workers;
    private final LayerReader reader;
    private final Queue<Pending> pending = new ArrayDeque<>();
    private final List<Future<?>> checks = new ArrayList<>();

    private record Pending(LayerBlob blob, Future<List<LayerEntry>> entries) {}

    /// What makes two layers of a stack the same work: bytes and all that they must match.
    private record Stored(FileSlice data, Digest diffId, @Nullable Digest digest) {
        static Stored of(LayerBlob blob) {
            return new Stored(blob.data(), blob.diffId(), blob.digest());
        }
    }

    /// Starts to read all layers.
    ///
    /// @param layers base first
    /// @param temporary where compressed layers are decoded to
    /// @param verify false skips what would be read or hashed only to be checked
    /// @param threads how many layers may be worked on at once
    public LayerStore(
            List<LayerBlob> layers, TemporaryFiles temporary, boolean verify, int threads) {
        reader = new LayerReader(temporary, verify);
        AtomicInteger number = new AtomicInteger();
        workers =
                Executors.newFixedThreadPool(
                        threads,
                        task -> {
                            Thread thread = new Thread(task, "layer-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        // the largest go first, so that whatever comes last is short
        List<LayerBlob> largestFirst = new ArrayList<>(layers);
        largestFirst.sort(
                Comparator.comparingLong((LayerBlob blob) -> blob.data().length()).reversed());
        // the same blob may stand several times in a stack
        Map<Stored, LayerBlob> distinct = new LinkedHashMap<>();
        largestFirst.forEach(blob -> distinct.putIfAbsent(Stored.of(blob), blob));
        Map<Stored, Future<List<LayerEntry>>> entries = new HashMap<>();
        distinct.forEach((stored, blob) -> entries.put(stored, submit(() -> reader.read(blob))));
        for (LayerBlob blob : layers) {
            pending.add(new Pending(blob, Objects.requireNonNull(entries.get(Stored.of(blob)))));
        }
        if (verify) {
            // after all reading: whoever waits for the indexes goes first
            for (LayerBlob blob : distinct.values()) {
                checks.add(
                        submit(() -> {
                            reader.verify(blob);
                            return null;
                        }));
            }
        }
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
                        Pending next = pending.remove();
                        return new LayerIndex(next.blob(), result(next.entries()));
                    }
                };
    }

    /// Waits until every check is done.
    ///
    /// @throws UndockerException naming the layer when a digest, size or diffID does not match
    public void verified() {
        checks.forEach(LayerStore::result);
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
        workers.close();
        reader.close();
    }
}
