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
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;

/// The cache as one run uses it. Whatever is taken from it is hashed first, and replaced when it is
/// not what it should be; whatever cannot be kept is read all the same. Of several runs that want
/// one blob, one fetches it and the others wait. Thread-safe.
///
/// Closing it removes what is too much.
public final class BlobCache implements Closeable {
    private static final long UNKNOWN = -1;
    private static final long POLL_MILLIS = 50;

    /// How long to wait for another run whose download does not grow: it may be stopped.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final CacheDirectory directory;
    private final CacheDirectory.Right right;
    private final CacheChoice choice;
    private final Warnings warnings;

    /// What this run found to be right. It stays open, so that it cannot be replaced.
    private final Map<Digest, FileSlice> sound = new ConcurrentHashMap<>();

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
            warnings.warn(directory.complaint(e));
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
            return null;
        }
    }

    InputStream open(Digest digest, Origin origin) throws IOException {
        InputStream kept = find(digest, origin.size());
        if (kept != null) {
            return kept;
        }
        Partial partial = begin(digest, origin.size());
        if (partial == null) {
            return new Arrival(origin.open(0), origin, digest, null);
        }
        try {
            kept = find(digest, origin.size());
            if (kept == null && partial.complete(origin)) {
                kept = find(digest, origin.size());
            }
            if (kept != null) {
                partial.discard();
                return kept;
            }
            return new Arrival(origin.open(0), origin, digest, partial);
        } catch (IOException | RuntimeException | Error e) {
            partial.close();
            throw e;
        }
    }

    /// A blob that is here and what it should be.
    private @Nullable InputStream find(Digest digest, long size) {
        if (right == CacheDirectory.Right.NONE) {
            return null;
        }
        try {
            FileSlice blob = sound(digest);
            if (blob != null && (size == UNKNOWN || size == blob.length())) {
                directory.touch(digest);
                return blob.stream();
            }
        } catch (IOException e) {
            // as if it were not there
        }
        return null;
    }

    /// The same where it lies. A damaged one is removed.
    private @Nullable FileSlice sound(Digest digest) throws IOException {
        FileSlice known = sound.get(digest);
        if (known != null) {
            return known;
        }
        FileChannel file = directory.openBlob(digest);
        if (file == null) {
            return null;
        }
        if (!isWhatItShouldBe(file, digest)) {
            file.close();
            warnings.warn("%s: damaged, fetched again".formatted(directory.blob(digest)));
            directory.deleteBlob(digest);
            return null;
        }
        FileSlice blob = new FileSlice(file, 0, file.size());
        FileSlice other = sound.putIfAbsent(digest, blob);
        if (other == null) {
            return blob;
        }
        file.close();
        return other;
    }

    /// Where a blob lies that was opened before and came from here; null otherwise. This owns the
    /// file.
    @Nullable FileSlice inPlace(Digest digest) {
        return sound.get(digest);
    }

    private static boolean isWhatItShouldBe(FileChannel file, Digest digest) throws IOException {
        MessageDigest sum = digest.algorithm().newMessageDigest();
        WholeFile.feed(file, sum);
        return Digest.of(digest.algorithm(), sum).equals(digest);
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
        List<CacheDirectory.Entry> damaged = new ArrayList<>();
        for (CacheDirectory.Entry entry : entries()) {
            if (isDamaged(entry.digest())) {
                directory.deleteBlob(entry.digest());
                damaged.add(entry);
            }
        }
        return damaged;
    }

    private boolean isDamaged(Digest digest) {
        try (FileChannel file = directory.openBlob(digest)) {
            return file != null && !isWhatItShouldBe(file, digest);
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
            for (FileSlice blob : sound.values()) {
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
