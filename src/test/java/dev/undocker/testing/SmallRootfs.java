package dev.undocker.testing;

import dev.undocker.content.TemporaryFiles;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// A handful of files, for tests of what looks into a root file system.
public final class SmallRootfs implements RootfsView {
    private static final int MOST_LINKS = 40;

    private final SortedMap<RootfsPath, Inode> names = new TreeMap<>();

    public SmallRootfs() {
        names.put(RootfsPath.ROOT, new Inode.Directory(Metadata.IMPLIED_DIRECTORY));
    }

    public SmallRootfs file(String path, int mode, String content) {
        return file(path, mode, content.getBytes(StandardCharsets.UTF_8));
    }

    public SmallRootfs file(String path, int mode, byte[] content) {
        try {
            FileChannel file = TemporaryFiles.standard().create();
            file.write(ByteBuffer.wrap(content));
            return inode(
                    path,
                    new Inode.RegularFile(
                            metadata(mode), new Content.Plain(file, 0, content.length)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public SmallRootfs symlink(String path, String target) {
        return inode(
                path, new Inode.Symlink(metadata(0777), target.getBytes(StandardCharsets.UTF_8)));
    }

    /// Puts anything at `path`, and directories above it.
    public SmallRootfs inode(String path, Inode inode) {
        RootfsPath at = RootfsPath.of(path);
        for (RootfsPath up = at.parent(); up != null; up = up.parent()) {
            names.putIfAbsent(up, new Inode.Directory(Metadata.IMPLIED_DIRECTORY));
        }
        names.put(at, inode);
        return this;
    }

    public static Metadata metadata(int mode) {
        return new Metadata(mode, 0, 0, 0, 0, List.of());
    }

    @Override
    public @Nullable Inode lookup(RootfsPath path) {
        return walk(path, false, MOST_LINKS);
    }

    @Override
    public @Nullable Inode resolve(RootfsPath path) {
        return walk(path, true, MOST_LINKS);
    }

    @Override
    public boolean contains(RootfsPath path) {
        return names.containsKey(path);
    }

    @Override
    public void below(RootfsPath directory, BiConsumer<RootfsPath, Inode> taken) {
        names.forEach((path, inode) -> {
            if (path.isBelow(directory)) {
                taken.accept(path, inode);
            }
        });
    }

    @Override
    public boolean hasContent(RootfsPath path) {
        return names.keySet().stream().anyMatch(name -> name.isBelow(path));
    }

    private @Nullable Inode walk(RootfsPath path, boolean last, int links) {
        RootfsPath first = null;
        for (RootfsPath at = last ? path : path.parent(); at != null; at = at.parent()) {
            if (names.get(at) instanceof Inode.Symlink) {
                first = at;
            }
        }
        if (first == null || !(names.get(first) instanceof Inode.Symlink link)) {
            return names.get(path);
        }
        if (links == 0) {
            return null;
        }
        String target = new String(link.target(), StandardCharsets.UTF_8);
        String parent = target.startsWith("/") ? "" : first.parent() + "/";
        String rest = path.toString().substring(first.length());
        return walk(RootfsPath.of(parent + target + rest), last, links - 1);
    }
}
