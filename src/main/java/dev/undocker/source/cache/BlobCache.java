package dev.undocker.source.cache;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.FileSlice;
import dev.undocker.content.FreeSpace;
import dev.undocker.content.StoredBytes;
import dev.undocker.image.CacheChoice;
import dev.undocker.image.Digest;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// The cache as one run uses it. Whatever is taken from it is hashed while it is read, and replaced
/// when it is not what it should be; whatever cannot be kept is read all the same. Of several runs
/// that want one blob, one fetches it and the others wait. Thread-safe.
///
/// Closing it removes what is too much.
public final class BlobCache implements Closeable {
    private static final long UNKNOWN = -1;
    private static final long POLL_MILLIS = 50;

    /// How long to wait for another run whose download does not grow: it may be stopped.
    private static final int PATIENCE_SECONDS = 30;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);

    /// How long nothing is said of that.
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final CacheDirectory directory;
    private final CacheDirectory.Right right;
    private final CacheChoice choice;
    private final Warnings warnings;

    /// What this run reads from here. It stays open, so that it cannot be replaced.
    private final Map<Digest, FileSlice> kept = new ConcurrentHashMap<>();

    /// Those that were found damaged. Others may still read them.
    private final Queue<FileSlice> damaged = new ConcurrentLinkedQueue<>();

    private final Object opening = new Object();
    private @Nullable FileChannel locks;
    private volatile boolean grown;

    private BlobCache(
            CacheDirectory directory,
            CacheDirectory.Right right,
            CacheChoice choice,
            Warnings warnings) {
        this.directory = directory;
        this.right = right;
        this.choice = choice;
        this.warnings = warnings;
    }

    /// The cache that is meant. Where it cannot be used, everything comes from its origin; that is
    /// said of a directory that the user has chosen.
    public static BlobCache open(
            CacheChoice choice, Function<String, @Nullable String> environment, Warnings warnings) {
        CacheDirectory directory = CacheDirectory.of(choice, environment);
        CacheDirectory.Right right = CacheDirectory.Right.NONE;
        if (choice.use()) {
            try {
                right = directory.right();
            } catch (IOException e) {
                warnings.warn(directory.complaint(e));
            }
            if (right == CacheDirectory.Right.NONE && choice.directory() != null) {
                warnings.warn("%s: another user's, not used as a cache".formatted(directory));
            }
        }
        return new BlobCache(directory, right, choice, warnings);
    }

    /// True when there cannot be anything in it.
    public boolean isNew() {
        return right == CacheDirectory.Right.NONE || directory.isNew();
    }

    /// The largest blob of which the next run finds what arrived in this one, in bytes.
    public long largest() {
        return right == CacheDirectory.Right.WRITE ? choice.limit() : 0;
    }

    /// A blob that comes from the cache if it is there.
    public StoredBytes blob(Digest digest, Origin origin) {
        return new CachedBlob(this, digest, origin);
    }

    /// Keeps a small blob that was read already.
    ///
    /// @param bytes which have this digest
    public void keep(Digest digest, byte[] bytes) {
        Origin origin =
                new Origin() {
                    @Override
                    public long size() {
                        return bytes.length;
                    }

                    @Override
                    public InputStream open(long from) {
                        return new ByteArrayInputStream(
                                bytes, (int) from, bytes.length - (int) from);
                    }
                };
        try (InputStream in = open(digest, origin)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            if (renew(digest)) {
                keep(digest, bytes);
            } else {
                warnings.warn(directory.complaint(e));
            }
        }
    }

    /// A small blob, if it is here and what it should be.
    ///
    /// @param limit the most bytes that it may have
    public byte @Nullable [] find(Digest digest, int limit) {
        try (InputStream in = find(digest, UNKNOWN)) {
            byte[] bytes = in == null ? null : in.readNBytes(limit + 1);
            return bytes == null || bytes.length > limit ? null : bytes;
        } catch (IOException e) {
            renew(digest);
            return null;
        }
    }

    InputStream open(Digest digest, Origin origin) throws IOException {
        InputStream found = find(digest, origin.size());
        if (found != null) {
            return found;
        }
        Partial partial = begin(digest, origin.size());
        if (partial == null) {
            return new Arrival(origin.open(0), origin.size(), origin, digest, null);
        }
        try {
            found = find(digest, origin.size());
            if (found == null && partial.complete(origin)) {
                found = find(digest, origin.size());
            }
            if (found != null) {
                partial.discard();
                return found;
            }
            return new Arrival(origin.open(0), origin.size(), origin, digest, partial);
        } catch (IOException | RuntimeException | Error e) {
            partial.close();
            throw e;
        }
    }

    /// True when [#open] gives a blob from here, unless it is damaged.
    boolean has(Digest digest, long size) {
        return kept(digest, size) != null;
    }

    /// A blob that is here, as a stream that fails at its end unless it is what it should be.
    private @Nullable InputStream find(Digest digest, long size) {
        FileSlice blob = kept(digest, size);
        if (blob == null) {
            return null;
        }
        directory.touch(digest);
        return arrival(blob, digest);
    }

    private Arrival arrival(FileSlice blob, Digest digest) {
        return new Arrival(blob.stream(), blob.length(), directory.blob(digest), digest, null);
    }

    /// A blob that is here. One of another size is not meant, or damaged.
    private @Nullable FileSlice kept(Digest digest, long size) {
        if (right == CacheDirectory.Right.NONE) {
            return null;
        }
        try {
            FileSlice blob = kept.get(digest);
            if (blob == null) {
                blob = read(digest);
            }
            if (blob == null || size == UNKNOWN || size == blob.length()) {
                return blob;
            }
            renew(digest);
        } catch (IOException e) {
            // as if it were not there
        }
        return null;
    }

    private @Nullable FileSlice read(Digest digest) throws IOException {
        FileChannel file = directory.openBlob(digest);
        if (file == null) {
            return null;
        }
        FileSlice blob = new FileSlice(file, 0, file.size());
        FileSlice other = kept.putIfAbsent(digest, blob);
        if (other == null) {
            return blob;
        }
        file.close();
        return other;
    }

    /// Where a blob lies that was opened before and came from here; null otherwise. This owns the
    /// file.
    @Nullable FileSlice inPlace(Digest digest) {
        return kept.get(digest);
    }

    /// Removes a blob that was read from here, if it is damaged or cannot be read.
    ///
    /// @return true when it was
    boolean renew(Digest digest) {
        FileSlice blob = kept.get(digest);
        if (blob == null || !isDamaged(blob, digest) || !kept.remove(digest, blob)) {
            return false;
        }
        damaged.add(blob);
        warnings.warn("%s: damaged, fetched again".formatted(directory.blob(digest)));
        directory.deleteBlob(digest);
        return true;
    }

    private boolean isDamaged(FileSlice blob, Digest digest) {
        try (InputStream in = arrival(blob, digest)) {
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        } catch (IOException e) {
            // an interrupt closes the file
            return !Thread.currentThread().isInterrupted();
        }
    }

    /// A place for what arrives; null when it cannot be kept.
    private @Nullable Partial begin(Digest digest, long size) {
        if (right != CacheDirectory.Right.WRITE || size > largest()) {
            return null;
        }
        FileLock claim = null;
        try {
            claim = claim(digest);
            if (claim == null) {
                return null;
            }
            if (FreeSpace.shortage(directory.top(), size) != null) {
                throw new IOException("not enough space");
            }
            Partial partial = Partial.of(directory, digest, claim, choice.sync(), warnings);
            grown = true;
            return partial;
        } catch (ClosedChannelException e) {
            // an interrupt closes the file of the locks
            release(claim);
            throw new UndockerException("interrupted", e);
        } catch (IOException e) {
            release(claim);
            if (Thread.currentThread().isInterrupted()) {
                throw new UndockerException("interrupted", e);
            }
            warnings.warn(directory.complaint(e));
            return null;
        }
    }

    /// Waits while another run, or another thread of this one, fetches the blob.
    ///
    /// @return null when that does not come to an end
    private @Nullable FileLock claim(Digest digest) throws IOException {
        long seen = -1;
        long since = System.nanoTime();
        while (true) {
            FileLock claim = tryClaim(digest);
            if (claim != null) {
                return claim;
            }
            long size = directory.partialSize(digest);
            if (size != seen) {
                seen = size;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                return null;
            } else if (System.nanoTime() - since > SILENCE_NANOS) {
                warnings.warn(
                        "%s: another run fetches %s and gets nowhere; waiting %d s for it at most"
                                .formatted(directory, digest, PATIENCE_SECONDS));
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UndockerException("interrupted", e);
            }
        }
    }

    private @Nullable FileLock tryClaim(Digest digest) throws IOException {
        FileChannel file;
        synchronized (opening) {
            if (locks == null) {
                locks = directory.openLocks();
            }
            file = locks;
        }
        try {
            return file.tryLock(CacheDirectory.lockPosition(digest), 1, false);
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void release(@Nullable FileLock claim) {
        try (claim) {
            // closes it
        } catch (IOException e) {
            // the kernel does when the run ends
        }
    }

    /// Fails where the cache is not for this user: a list of nothing would be a lie.
    ///
    /// @param change true when something is to be removed
    public void require(boolean change) {
        if (right == CacheDirectory.Right.NONE) {
            throw new UndockerException("%s: another user's".formatted(directory));
        }
        if (change && right != CacheDirectory.Right.WRITE) {
            throw new UndockerException("%s: cannot be changed by this user".formatted(directory));
        }
    }

    /// All that is kept, what was used last first.
    public List<CacheDirectory.Entry> entries() throws IOException {
        return right == CacheDirectory.Right.NONE ? List.of() : latestFirst(directory.entries());
    }

    /// What has arrived in part, what grew last first.
    public List<CacheDirectory.Entry> unfinished() throws IOException {
        return right == CacheDirectory.Right.NONE
                ? List.of()
                : latestFirst(directory.partialEntries());
    }

    private static List<CacheDirectory.Entry> latestFirst(List<CacheDirectory.Entry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing(CacheDirectory.Entry::used).reversed())
                .toList();
    }

    /// Removes what was not used for longest until `most` bytes are left.
    ///
    /// @return what was removed
    public List<CacheDirectory.Entry> prune(long most) throws IOException {
        return prune(entries(), most, entry -> directory.deleteBlob(entry.digest()));
    }

    /// The same of what arrived in part, unless a run is at it.
    ///
    /// @return what was removed
    public List<CacheDirectory.Entry> pruneUnfinished(long most) throws IOException {
        return right == CacheDirectory.Right.WRITE
                ? prune(unfinished(), most, this::deleteUnfinished)
                : List.of();
    }

    private static List<CacheDirectory.Entry> prune(
            List<CacheDirectory.Entry> entries,
            long most,
            Predicate<CacheDirectory.Entry> deletion) {
        List<CacheDirectory.Entry> removed = new ArrayList<>();
        long kept = 0;
        for (CacheDirectory.Entry entry : entries) {
            kept += entry.size();
            if (kept > most && deletion.test(entry)) {
                kept -= entry.size();
                removed.add(entry);
            }
        }
        return removed;
    }

    private boolean deleteUnfinished(CacheDirectory.Entry entry) {
        try (FileLock claim = tryClaim(entry.digest())) {
            return claim != null && directory.deletePartial(entry.digest());
        } catch (IOException e) {
            return false;
        }
    }

    /// What was finished goes only when nothing else does.
    private void keepToLimit() throws IOException {
        long finished = sum(entries());
        pruneUnfinished(Math.max(0, choice.limit() - finished));
        prune(Math.max(0, choice.limit() - sum(unfinished())));
    }

    private static long sum(List<CacheDirectory.Entry> entries) {
        return entries.stream().mapToLong(CacheDirectory.Entry::size).sum();
    }

    /// Reads everything, and removes what is damaged or cannot be read, where that can be.
    ///
    /// @return what is damaged
    public List<CacheDirectory.Entry> verify() throws IOException {
        List<CacheDirectory.Entry> removed = new ArrayList<>();
        for (CacheDirectory.Entry entry : entries()) {
            if (isDamaged(entry.digest())) {
                directory.deleteBlob(entry.digest());
                removed.add(entry);
            }
        }
        return removed;
    }

    private boolean isDamaged(Digest digest) {
        try (FileChannel file = directory.openBlob(digest)) {
            return file != null && isDamaged(new FileSlice(file, 0, file.size()), digest);
        } catch (IOException e) {
            return true;
        }
    }

    @Override
    public void close() {
        try {
            if (grown) {
                keepToLimit();
            }
            damaged.addAll(kept.values());
            for (FileSlice blob : damaged) {
                blob.file().close();
            }
            synchronized (opening) {
                if (locks != null) {
                    locks.close();
                }
            }
        } catch (IOException e) {
            warnings.warn(directory.complaint(e));
        }
    }
}
