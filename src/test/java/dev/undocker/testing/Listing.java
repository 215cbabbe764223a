package dev.undocker.testing;

import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;
import dev.undocker.tar.TarMember;
import dev.undocker.tar.TarReader;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;

/// A root file system as text, one line a path, sorted by bytes: made to be compared, and to be
/// read in a failed test. What is as usual is left out: 0:0, time 0, mode 0755 of directories, 0777
/// of symbolic links and 0644 of the rest. A regular file with several names shows the first of
/// them.
///
/// ```
/// d /
/// f bin/link "content" 4755 1:2 @5.000000001 user.x="y" = bin/link
/// f bin/tool "content" 4755 1:2 @5.000000001 user.x="y" = bin/link
/// l lib -> usr/lib
/// ```
public final class Listing {
    /// Longer contents are shown by their length and CRC.
    private static final int SHOWN = 64;

    /// What stands at a path; names of one regular file share one object.
    record Shown(char type, String text) {}

    private final SortedMap<RootfsPath, Shown> paths = new TreeMap<>();

    public static Listing of(List<RootfsEntry> entries) {
        Listing listing = new Listing();
        Map<Inode, Shown> inodes = new IdentityHashMap<>();
        for (RootfsEntry entry : entries) {
            Shown shown = inodes.computeIfAbsent(entry.inode(), Listing::shown);
            listing.add(entry.path(), shown);
        }
        return listing;
    }

    /// The members of a tar in which every path stands once, and links after their targets.
    public static Listing ofTar(byte[] tar) {
        Listing listing = new Listing();
        Map<RootfsPath, Shown> earlier = new HashMap<>();
        try (TestFile file = TestFile.of(tar)) {
            TarReader reader = new TarReader(file.slice());
            for (TarMember m = reader.next(); m != null; m = reader.next()) {
                Shown shown =
                        m.type() == TarMember.Type.HARD_LINK
                                ? earlier.get(RootfsPath.of(m.linkName()))
                                : shown(inode(m));
                RootfsPath path = RootfsPath.of(m.name());
                if (shown == null) {
                    throw new AssertionError("link before its target: " + path);
                }
                earlier.put(path, shown);
                listing.add(path, shown);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return listing;
    }

    void add(RootfsPath path, Shown shown) {
        if (paths.put(path, shown) != null) {
            throw new AssertionError("path twice: " + path);
        }
    }

    private static Inode inode(TarMember m) {
        return switch (m.type()) {
            case REGULAR -> new Inode.RegularFile(m.metadata(), m.content());
            case SYMLINK -> new Inode.Symlink(m.metadata(), m.linkName());
            case CHARACTER_DEVICE ->
                    new Inode.CharacterDevice(m.metadata(), m.deviceMajor(), m.deviceMinor());
            case BLOCK_DEVICE ->
                    new Inode.BlockDevice(m.metadata(), m.deviceMajor(), m.deviceMinor());
            case DIRECTORY -> new Inode.Directory(m.metadata());
            case FIFO -> new Inode.Fifo(m.metadata());
            case HARD_LINK -> throw new IllegalArgumentException("a link has no inode of its own");
        };
    }

    private static Shown shown(Inode inode) {
        return switch (inode) {
            case Inode.Directory d -> shown('d', "", d.metadata());
            case Inode.RegularFile f -> shown('f', " " + quoted(f.content()), f.metadata());
            case Inode.Symlink l ->
                    shown('l', " -> " + RootfsPath.printable(l.target()), l.metadata());
            case Inode.CharacterDevice c ->
                    shown('c', " " + c.major() + ":" + c.minor(), c.metadata());
            case Inode.BlockDevice b -> shown('b', " " + b.major() + ":" + b.minor(), b.metadata());
            case Inode.Fifo p -> shown('p', "", p.metadata());
        };
    }

    /// @param detail what is special to the type, after a blank
    static Shown shown(char type, String detail, Metadata m) {
        int usualMode = type == 'd' ? 0755 : type == 'l' ? 0777 : 0644;
        StringBuilder text = new StringBuilder(detail);
        if (m.mode() != usualMode) {
            text.append(" %04o".formatted(m.mode()));
        }
        if (m.uid() != 0 || m.gid() != 0) {
            text.append(" %d:%d".formatted(m.uid(), m.gid()));
        }
        if (m.mtimeSeconds() != 0 || m.mtimeNanos() != 0) {
            text.append(" @").append(m.mtimeSeconds());
            if (m.mtimeNanos() != 0) {
                text.append(".%09d".formatted(m.mtimeNanos()));
            }
        }
        for (Xattr xattr : m.xattrs()) {
            text.append(' ').append(RootfsPath.printable(xattr.name()));
            text.append('=').append(quoted(xattr.value()));
        }
        return new Shown(type, text.toString());
    }

    private static String quoted(Content content) {
        if (content.size() > SHOWN) {
            return "%d bytes, crc %08x".formatted(content.size(), crc(content));
        }
        try (InputStream in = content.stream()) {
            byte[] bytes = in.readAllBytes();
            if (bytes.length != content.size()) {
                throw new AssertionError("content of another length than " + content.size());
            }
            return quoted(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long crc(Content content) {
        CRC32 crc = new CRC32();
        try (InputStream in = content.stream()) {
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                crc.update(buffer, 0, n);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return crc.getValue();
    }

    static String quoted(byte[] bytes) {
        if (bytes.length > SHOWN) {
            CRC32 crc = new CRC32();
            crc.update(bytes);
            return "%d bytes, crc %08x".formatted(bytes.length, crc.getValue());
        }
        return '"' + RootfsPath.printable(bytes) + '"';
    }

    /// The paths that only one of two listings has, or that are not the same in both: other names
    /// of an inode included, and times only where they count.
    public SortedSet<RootfsPath> differences(Listing other, boolean times) {
        Map<RootfsPath, String> mine = whole(times);
        Map<RootfsPath, String> theirs = other.whole(times);
        SortedSet<RootfsPath> different = new TreeSet<>(mine.keySet());
        different.addAll(theirs.keySet());
        different.removeIf(path -> Objects.equals(mine.get(path), theirs.get(path)));
        return different;
    }

    private Map<RootfsPath, String> whole(boolean times) {
        Map<Shown, List<RootfsPath>> names = new IdentityHashMap<>();
        paths.forEach(
                (path, shown) -> names.computeIfAbsent(shown, one -> new ArrayList<>()).add(path));
        Map<RootfsPath, String> whole = new HashMap<>();
        paths.forEach((path, shown) -> {
            String text = times ? shown.text : shown.text.replaceAll(" @-?[0-9.]+", "");
            whole.put(path, shown.type + text + names.get(shown));
        });
        return whole;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Listing listing && toString().equals(listing.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        Map<Shown, RootfsPath> first = new IdentityHashMap<>();
        Map<Shown, Integer> names = new IdentityHashMap<>();
        paths.forEach((path, shown) -> {
            first.putIfAbsent(shown, path);
            names.merge(shown, 1, Integer::sum);
        });
        StringBuilder text = new StringBuilder();
        paths.forEach((path, shown) -> {
            text.append(shown.type).append(' ').append(path).append(shown.text);
            if (shown.type == 'f' && names.get(shown) > 1) {
                text.append(" = ").append(first.get(shown));
            }
            text.append('\n');
        });
        return text.toString();
    }
}
