package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What [TreeListing] finds out with other programs, within this process: for thousands of small
/// trees of plain names, whose attributes are all in `user.`.
final class TreeReading {
    private TreeReading() {}

    static Listing of(Path root) throws IOException {
        Listing listing = new Listing();
        Map<Object, Listing.Shown> inodes = new HashMap<>();
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : walk.toList()) {
                Map<String, Object> unix =
                        Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
                Listing.Shown shown = inodes.get(unix.get("ino"));
                if (shown == null) {
                    shown = shown(path, unix);
                    inodes.put(unix.get("ino"), shown);
                }
                listing.add(RootfsPath.of(root.relativize(path).toString()), shown);
            }
        }
        return listing;
    }

    private static Listing.Shown shown(Path path, Map<String, Object> unix) throws IOException {
        int mode = (int) unix.get("mode");
        long device = (long) unix.get("rdev");
        char type =
                switch (mode >> 12) {
                    case 1 -> 'p';
                    case 2 -> 'c';
                    case 4 -> 'd';
                    case 6 -> 'b';
                    case 8 -> 'f';
                    case 10 -> 'l';
                    default -> throw new AssertionError(path + ": mode " + mode);
                };
        String detail =
                switch (type) {
                    case 'f' -> " " + Listing.quoted(Files.readAllBytes(path));
                    case 'l' ->
                            " -> "
                                    + RootfsPath.printable(
                                            Files.readSymbolicLink(path)
                                                    .toString()
                                                    .getBytes(ISO_8859_1));
                    case 'b', 'c' -> " %d:%d".formatted(device >> 8, device & 0xff);
                    default -> "";
                };
        Instant time = ((FileTime) unix.get("lastModifiedTime")).toInstant();
        return Listing.shown(
                type,
                detail,
                new Metadata(
                        mode & 07777,
                        (int) unix.get("uid"),
                        (int) unix.get("gid"),
                        time.getEpochSecond(),
                        time.getNano(),
                        type == 'f' || type == 'd' ? xattrs(path) : List.of()));
    }

    private static List<Xattr> xattrs(Path path) throws IOException {
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
        List<Xattr> xattrs = new ArrayList<>();
        List<String> names;
        try {
            names = view.list();
        } catch (FileSystemException none) {
            // a squashfs in which no file has any
            return xattrs;
        }
        for (String name : names) {
            ByteBuffer value = ByteBuffer.allocate(view.size(name));
            view.read(name, value);
            xattrs.add(new Xattr(("user." + name).getBytes(ISO_8859_1), value.array()));
        }
        xattrs.sort(Comparator.comparing(Xattr::name, Arrays::compareUnsigned));
        return xattrs;
    }
}
