package dev.undocker.runtime;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an image has below one mount of a runtime.
final class HiddenPlace {
    /// Each costs a launcher some hundred bytes; an image with more has leftovers there.
    private static final int MOST_DIRECTORIES = 200;

    private final RootfsView rootfs;
    private final RootfsPath top;
    private final Map<RootfsPath, Metadata> directories = new LinkedHashMap<>();
    private final Tally files = new Tally("file", "files");

    /// What the process misses whatever is made.
    private final List<String> lost = new ArrayList<>();

    /// What it misses unless the directories are made.
    private final List<String> wanted = new ArrayList<>();

    /// @param top where the mount really is, without links
    HiddenPlace(RootfsView rootfs, RootfsPath top) {
        this.rootfs = rootfs;
        this.top = top;
    }

    /// Directories that can be made anew, parents first, those that the process needs before
    /// others.
    List<HiddenDirectory> directories() {
        return directories.entrySet().stream()
                .limit(MOST_DIRECTORIES)
                .map(entry -> new HiddenDirectory(entry.getKey(), entry.getValue()))
                .toList();
    }

    /// A directory that the process needs, whether the image has it or not.
    void directory(String what, String path) {
        List<Map.Entry<RootfsPath, Inode>> hidden =
                walk(path).met().entrySet().stream().filter(met -> isHidden(met.getKey())).toList();
        hidden.forEach(met -> add(met.getKey(), met.getValue()));
        if (!hidden.isEmpty()) {
            boolean whole = hidden.stream().allMatch(met -> isDirectory(met.getValue()));
            (whole ? wanted : lost).add("the %s %s".formatted(what, printable(path)));
        }
    }

    /// A program that the image has.
    void program(String path) {
        boolean hidden =
                walk(path).met().entrySet().stream()
                        .anyMatch(met -> isHidden(met.getKey()) && !isDirectory(met.getValue()));
        if (hidden) {
            lost.add("the program " + printable(path));
        }
    }

    /// Everything that the image has here.
    ///
    /// @param mounted directories that are mounted over later, and what is in them
    void everythingBut(List<RootfsPath> mounted) {
        rootfs.below(
                top,
                (path, inode) -> {
                    if (mounted.stream().anyMatch(path::startsWith)) {
                        return;
                    }
                    add(path, inode);
                    if (!isDirectory(inode)) {
                        files.add(path);
                    }
                });
    }

    /// Files that are not empty: those are no mount points.
    void filesWithContent() {
        rootfs.below(
                top,
                (path, inode) -> {
                    if (inode instanceof Inode.RegularFile file && file.content().size() > 0) {
                        files.add(path);
                    }
                });
    }

    private void add(RootfsPath path, Inode inode) {
        if (inode instanceof Inode.Directory directory) {
            directories.putIfAbsent(path, directory.metadata());
        }
    }

    private static boolean isDirectory(Inode inode) {
        return inode instanceof Inode.Directory;
    }

    private boolean isHidden(RootfsPath path) {
        return path.isBelow(top);
    }

    private PathWalk walk(String path) {
        try {
            return PathWalk.to(RootfsPath.of(path), rootfs::lookup);
        } catch (UndockerException impossible) {
            // no file can have such a name: whoever makes the directory says so
            return new PathWalk(Map.of(), null);
        }
    }

    private static String printable(String path) {
        return RootfsPath.printable(path.getBytes(StandardCharsets.UTF_8));
    }

    /// What nobody sees, for people; empty when that is nothing.
    ///
    /// @param made true when the directories are made anew
    String missed(boolean made) {
        List<String> missed = new ArrayList<>(lost);
        if (!made) {
            missed.addAll(wanted);
        }
        Tally unmade = new Tally("directory", "directories");
        directories.keySet().stream().skip(made ? MOST_DIRECTORIES : 0).forEach(unmade::add);
        unmade.said().ifPresent(missed::add);
        files.said().ifPresent(missed::add);
        return String.join(", ", missed);
    }
}
