package dev.undocker.query.list;

import dev.undocker.UndockerException;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.PathLookup;
import dev.undocker.query.PathLookup.Found;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Chooses what is listed, as ls does: of what the user names first what is no directory, then the
/// directories, each with its content. Everything is sorted by bytes.
///
/// @param tree what it is chosen from
/// @param depth how far a directory is entered
public record Selection(MergedRootfs tree, Depth depth) {
    /// How far.
    public enum Depth {
        /// Directories are listed as anything else is.
        ITSELF,
        /// What is in a directory.
        CONTENT,
        /// A directory and all below it, each directory before what is in it.
        ALL
    }

    /// What the user named.
    private record Argument(byte[] text, Found found) {}

    /// @param arguments paths as [PathLookup] finds them; none for the root
    /// @param failed is told what is not there
    public List<Section> sections(
            List<byte[]> arguments, Consumer<? super UndockerException> failed) {
        List<Argument> single = new ArrayList<>();
        List<Argument> directories = new ArrayList<>();
        for (byte[] text : arguments.isEmpty() ? List.of(new byte[] {'/'}) : arguments) {
            try {
                Found found = new PathLookup(tree).stay(text);
                boolean entered = depth != Depth.ITSELF && found.inode() instanceof Inode.Directory;
                (entered ? directories : single).add(new Argument(text, found));
            } catch (UndockerException e) {
                failed.accept(e);
            }
        }
        single.sort((one, other) -> Arrays.compareUnsigned(one.text, other.text));
        directories.sort((one, other) -> Arrays.compareUnsigned(one.text, other.text));
        List<Section> sections = new ArrayList<>();
        if (!single.isEmpty()) {
            sections.add(named(single));
        }
        for (Argument argument : directories) {
            sections.add(
                    depth == Depth.ALL
                            ? everything(argument, arguments.isEmpty())
                            : content(argument, arguments.size() > 1));
        }
        return sections;
    }

    private static Section named(List<Argument> arguments) {
        Map<Found, byte[]> names = new IdentityHashMap<>();
        arguments.forEach(argument -> names.put(argument.found, argument.text));
        return new Section(
                null,
                arguments.stream().map(Argument::found).toList(),
                entry -> Objects.requireNonNull(names.get(entry)));
    }

    private Section content(Argument directory, boolean headed) {
        return new Section(
                headed ? directory.text : null,
                children(directory.found.path()),
                entry -> entry.path().name());
    }

    /// @param whole without a slash in front, as in a tar
    private Section everything(Argument top, boolean whole) {
        List<Found> all = new ArrayList<>();
        all.add(top.found);
        Deque<Iterator<Found>> open = new ArrayDeque<>();
        open.push(children(top.found.path()).iterator());
        while (!open.isEmpty()) {
            if (!open.peek().hasNext()) {
                open.pop();
                continue;
            }
            Found next = open.peek().next();
            all.add(next);
            if (next.inode() instanceof Inode.Directory) {
                open.push(children(next.path()).iterator());
            }
        }
        byte[] before = whole ? new byte[0] : withSlash(top.text);
        return new Section(
                null, all, entry -> entry == top.found ? top.text : below(top, before, entry));
    }

    private static byte[] withSlash(byte[] directory) {
        if (directory[directory.length - 1] == '/') {
            return directory;
        }
        byte[] bytes = Arrays.copyOf(directory, directory.length + 1);
        bytes[directory.length] = '/';
        return bytes;
    }

    private static byte[] below(Argument top, byte[] before, Found entry) {
        RootfsPath directory = top.found.path();
        int known = directory.isRoot() ? 0 : directory.length() + 1;
        byte[] path = entry.path().toBytes();
        if (before.length == known) {
            // mostly the same, and nothing to move
            System.arraycopy(before, 0, path, 0, known);
            return path;
        }
        byte[] name = Arrays.copyOf(before, before.length + path.length - known);
        System.arraycopy(path, known, name, before.length, path.length - known);
        return name;
    }

    private List<Found> children(RootfsPath directory) {
        List<Found> children = new ArrayList<>();
        tree.children(directory, (path, inode) -> children.add(new Found(path, inode)));
        children.sort(
                (one, other) -> Arrays.compareUnsigned(one.path().name(), other.path().name()));
        return children;
    }
}
