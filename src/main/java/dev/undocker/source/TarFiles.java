package dev.undocker.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;
import dev.undocker.tar.TarMember;
import dev.undocker.tar.TarReader;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The members of a tar by name. Only headers are read; of several members with one name the last
/// counts. Links are followed inside the archive: docker before 25 writes a layer that occurs twice
/// as a symbolic link to the first.
final class TarFiles implements ImageFiles {
    /// Bounds memory; images have some hundred members.
    private static final int MOST_MEMBERS = 1_000_000;

    private static final int MOST_LINKS = 40;
    private static final int BLOCK = 512;
    private static final Set<String> ROOTFS_DIRECTORIES = Set.of("bin", "etc", "lib", "usr");

    private final SeekableArchive archive;
    private final Map<String, Member> members = new HashMap<>();
    private boolean isRootfs;

    private sealed interface Member {
        record Stored(FileSlice data) implements Member {}

        /// @param target null when it leaves the archive
        record Link(@Nullable String target) implements Member {}

        record Sparse() implements Member {}
    }

    /// @param archive closed with the files, and when this fails
    TarFiles(SeekableArchive archive) {
        this.archive = archive;
        try {
            index();
        } catch (RuntimeException | Error e) {
            close(archive, e);
            throw e;
        }
    }

    private static void close(Closeable archive, Throwable failure) {
        try {
            archive.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private void index() {
        int count = 0;
        try {
            TarReader reader = new TarReader(archive.bytes());
            for (TarMember member = reader.next(); member != null; member = reader.next()) {
                if (++count > MOST_MEMBERS) {
                    throw new UndockerException(
                            "more than %d members, so not an image".formatted(MOST_MEMBERS));
                }
                add(member);
            }
        } catch (IOException e) {
            throw unreadable(count, String.valueOf(e.getMessage()), e);
        } catch (UndockerException e) {
            throw unreadable(count, e.sentence(), e);
        }
    }

    private UndockerException unreadable(int count, String reason, Exception cause) {
        boolean tooShort = archive.bytes().length() < BLOCK;
        return new UndockerException(
                count == 0
                        ? "%s: not an image: not a tar: %s"
                                .formatted(
                                        location(), tooShort ? "shorter than one can be" : reason)
                        : "%s: %s".formatted(location(), reason),
                cause);
    }

    private void add(TarMember member) {
        String name = ArchivePath.normalize(new String(member.name(), UTF_8));
        if (name == null) {
            return;
        }
        int slash = name.indexOf('/');
        isRootfs |= ROOTFS_DIRECTORIES.contains(slash < 0 ? name : name.substring(0, slash));
        String target = new String(member.linkName(), UTF_8);
        switch (member.type()) {
            case REGULAR -> members.put(name, stored(member.content()));
            case SYMLINK -> members.put(name, new Member.Link(ArchivePath.resolve(name, target)));
            case HARD_LINK -> {
                String path = ArchivePath.normalize(target);
                Member now = path == null ? null : members.get(path);
                members.put(name, now != null ? now : new Member.Link(path));
            }
            case DIRECTORY, FIFO, CHARACTER_DEVICE, BLOCK_DEVICE -> members.remove(name);
        }
    }

    private Member stored(Content content) {
        return switch (content) {
            case Content.Plain plain ->
                    new Member.Stored(
                            new FileSlice(
                                    plain.file(),
                                    plain.offset(),
                                    plain.size(),
                                    archive.bytes().origin()));
            case Content.Sparse sparse -> new Member.Sparse();
            case Content.Generated generated ->
                    throw new IllegalStateException("read from a tar: " + generated);
        };
    }

    @Override
    public String location() {
        return archive.location();
    }

    @Override
    public String fallbackName() {
        return archive.fallbackName();
    }

    @Override
    public boolean isArchive() {
        return true;
    }

    @Override
    public boolean contains(String path) {
        String name = ArchivePath.normalize(path);
        return name != null && members.containsKey(name);
    }

    @Override
    public @Nullable FileSlice find(String path) {
        String name = ArchivePath.normalize(path);
        if (name == null) {
            throw new UndockerException(
                    "%s: %s: leads out of the archive".formatted(location(), path));
        }
        Member member = members.get(name);
        for (int links = 0; links <= MOST_LINKS; links++) {
            switch (member) {
                case null -> {
                    return null;
                }
                case Member.Stored stored -> {
                    return stored.data();
                }
                case Member.Sparse sparse ->
                        throw new UndockerException(
                                "%s: %s: stored as a sparse file".formatted(location(), path),
                                "write the archive again with tar's --sparse left out",
                                null);
                case Member.Link link -> member = follow(path, link);
            }
        }
        throw new UndockerException("%s: %s: a loop of links".formatted(location(), path));
    }

    private Member follow(String path, Member.Link link) {
        if (link.target() == null) {
            throw new UndockerException(
                    "%s: %s: a link that leads out of the archive".formatted(location(), path));
        }
        Member member = members.get(link.target());
        if (member == null) {
            throw new UndockerException(
                    "%s: %s: a link to %s, which is missing"
                            .formatted(location(), path, link.target()));
        }
        return member;
    }

    /// True when the members are those of a root file system, as `docker export` writes one.
    boolean isRootfs() {
        return isRootfs;
    }

    /// True when the last block is not zero, as that of a complete tar is.
    boolean endsEarly() {
        FileSlice bytes = archive.bytes();
        ByteBuffer last = ByteBuffer.allocate(BLOCK);
        try {
            long start = Math.max(0, bytes.length() - BLOCK);
            while (last.hasRemaining() && bytes.read(last, start + last.position()) > 0) {}
        } catch (IOException e) {
            return true;
        }
        for (byte each : last.flip().array()) {
            if (each != 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
