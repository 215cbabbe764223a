package dev.undocker.output;

import dev.undocker.DirectoryListing;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.content.FreeSpace;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.DirectoryHandle.Rename;
import dev.undocker.linux.Errno;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.MountTable;
import dev.undocker.linux.NewFileChannel;
import dev.undocker.linux.ProcessStatus;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.RootfsPath;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Where a tree goes: a new directory or an empty one, or with `replace` any directory. The tree
/// grows in a sibling `.NAME.undocker-XXXXXXXX` of mode 0700 and takes the final name when it is
/// committed; until then what stood there is untouched. A replaced tree keeps the sibling's name
/// until this is closed, so that it can come back; an empty directory is made anew for that, with
/// its owner, group and mode. Both trees are locked meanwhile, which tells [Leftovers] that they
/// are in use. Where somebody lives ([Occupants]) nothing is replaced or removed.
///
/// An empty directory that cannot be renamed over, because it is a mount point or its parent is not
/// writable, is filled in place; on failure it is emptied again and gets its mode and group back.
///
/// One thread writes and commits; [#close()] may be called by another once nobody writes any more.
public final class DirectoryDestination implements Committable {
    private final Path path;
    private final DirectoryHandle parent;
    private final Place place;
    private final DirectoryHandle root;
    private final DescriptorReserve reserve;
    private final Old old;
    private final Warnings warnings;
    private @Nullable DirectoryHandle heldOld;
    private Succession succession = Succession.NONE;
    private List<RootfsPath> handedOn = List.of();
    private State state = State.GROWING;
    private @Nullable WriteBack writeBack;
    private boolean closed;

    private enum State {
        GROWING,
        COMMITTED,
        /// Could not be taken back: nothing may be removed any more.
        STUCK
    }

    /// What stood under the final name.
    private sealed interface Old {}

    private record Nothing() implements Old {}

    private record EmptyDirectory(int mode, int owner, int group) implements Old {}

    private record Tree() implements Old {}

    /// The names in the parent: where the tree grows, and what it will be called. After the commit
    /// `temporary` may hold the old tree.
    private record Sibling(byte[] temporary, byte[] name) implements Place {}

    /// The final directory itself, with what it was like before.
    private record InPlace(EmptyDirectory before) implements Place {}

    /// Where the tree grows.
    private sealed interface Place {}

    /// Where the handle was closed in between, its number may be another file's by now: that one's
    /// file system is brought to its disk, which does no harm.
    private record GrowingTree(DirectoryHandle root, LongSupplier written)
            implements WriteBack.Growing {
        @Override
        public long size() {
            return written.getAsLong();
        }

        @Override
        public void force() throws IOException {
            root.syncAhead();
        }
    }

    private DirectoryDestination(
            Path path,
            DirectoryHandle parent,
            Place place,
            DirectoryHandle root,
            DescriptorReserve reserve,
            Old old,
            Warnings warnings) {
        this.path = path;
        this.parent = parent;
        this.place = place;
        this.root = root;
        this.reserve = reserve;
        this.old = old;
        this.warnings = warnings;
    }

    /// Tells early what [#open] would complain about; makes nothing.
    ///
    /// @param replace whether a directory that is not empty may be replaced
    /// @throws UndockerException when no tree can be put there
    public static void validate(String destination, boolean replace) {
        if (FileDestination.isOpenFile(destination)) {
            throw UndockerException.usage(
                            FileDestination.described(destination) + " cannot hold a directory")
                    .withHint("undocker rootfs writes a tar there");
        }
        check(destination, resolve(destination), replace);
        FileSystemCalls.prepare();
    }

    private static Old check(String destination, Path path, boolean replace) {
        Path directory = path.getParent();
        if (directory == null) {
            throw new UndockerException(
                    "%s: is the root directory of this machine".formatted(destination));
        }
        if (PathKind.behind(directory) != PathKind.DIRECTORY) {
            throw FileDestination.noDirectory(destination, directory);
        }
        Old old = examine(destination, path, replace);
        if (!(old instanceof EmptyDirectory) && !Files.isWritable(directory)) {
            throw new UndockerException("%s: %s is not writable".formatted(destination, directory));
        }
        return old;
    }

    /// @param destination the request's own or a place in it
    /// @param replace whether a directory that is not empty may be replaced
    /// @param request whose image must not go with an old tree, and whose warnings hear when an old
    ///   tree could not be removed
    /// @throws UndockerException when no tree can be put there
    public static DirectoryDestination open(
            String destination, boolean replace, FileSystemCalls calls, OutputRequest request) {
        Path path = resolve(destination);
        Old old = check(destination, path, replace);
        Warnings warnings = request.events();
        if (old instanceof Tree) {
            spareImage(destination, path, request.image().file());
        }
        try {
            return old instanceof EmptyDirectory empty && MountTable.read().isMountPoint(path)
                    ? inPlace(path, empty, calls, warnings)
                    : beside(path, old, calls, warnings);
        } catch (SystemCallException e) {
            if (old instanceof EmptyDirectory empty
                    && e.is(Errno.EACCES, Errno.EPERM, Errno.EROFS)) {
                try {
                    return inPlace(path, empty, calls, warnings);
                } catch (IOException again) {
                    throw UndockerException.because(destination, again);
                }
            }
            throw UndockerException.because(destination, e);
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }

    /// One that is never committed: a directory for what is needed while `destination` is made.
    ///
    /// @param destination of a file, which need not come to be
    /// @throws UndockerException when it cannot be made
    public static DirectoryDestination scratch(String destination, Warnings warnings) {
        try {
            return beside(resolve(destination), new Nothing(), FileSystemCalls.select(), warnings);
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
    }

    /// Where the tree grows until it is committed.
    public Path growing() {
        return switch (place) {
            case Sibling(byte[] temporary, byte[] name) ->
                    path.resolveSibling(FileSystemCalls.path(temporary));
            case InPlace(EmptyDirectory before) -> path;
        };
    }

    private static void spareImage(String destination, Path path, @Nullable Path image) {
        if (image == null) {
            return;
        }
        try {
            Path real = image.toRealPath();
            if (real.startsWith(path) || path.startsWith(real)) {
                throw new UndockerException(
                                "%s: cannot be replaced: the image %s is in it or around it"
                                        .formatted(destination, image))
                        .withHint("choose another directory");
            }
        } catch (IOException e) {
            throw UndockerException.because(image.toString(), e);
        }
    }

    private static Path resolve(String destination) {
        Path path;
        try {
            path = Path.of(destination).toAbsolutePath();
        } catch (InvalidPathException e) {
            throw new UndockerException(destination + ": " + e.getReason(), e);
        }
        Path last = path.getFileName();
        try {
            if (last != null && !last.toString().equals(".") && !last.toString().equals("..")) {
                Path parent = path.getParent();
                return parent != null && PathKind.behind(parent) == PathKind.DIRECTORY
                        ? parent.toRealPath().resolve(last)
                        : path;
            }
            path = path.toRealPath();
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
        if (path.getFileName() == null) {
            throw new UndockerException(destination + ": is the root directory of this machine");
        }
        return path;
    }

    private static Old examine(String destination, Path path, boolean replace) {
        switch (PathKind.of(path)) {
            case NOTHING -> {
                return new Nothing();
            }
            case LINK ->
                    throw new UndockerException(destination + ": is a symbolic link")
                            .withHint("name the directory that it leads to");
            case FILE, OTHER ->
                    throw new UndockerException(destination + ": not a directory")
                            .withHint("choose another name, or remove it first");
            case DIRECTORY -> {}
        }
        try {
            if (DirectoryListing.of(path).isEmpty()) {
                return new EmptyDirectory(
                        attribute(path, "mode") & 07777,
                        attribute(path, "uid"),
                        attribute(path, "gid"));
            }
        } catch (IOException e) {
            throw UndockerException.because(destination, e);
        }
        if (!replace) {
            throw new UndockerException(destination + ": is not empty")
                    .withHint("choose a new directory, or replace this one with --force");
        }
        if (MountTable.read().isMountPoint(path)) {
            throw new UndockerException(
                            destination + ": is a mount point and not empty: cannot be replaced")
                    .withHint("empty it first");
        }
        Occupants.refuse(destination, path);
        return new Tree();
    }

    private static int attribute(Path path, String name) throws IOException {
        return (int) Files.getAttribute(path, "unix:" + name);
    }

    private static DirectoryDestination inPlace(
            Path path, EmptyDirectory before, FileSystemCalls calls, Warnings warnings)
            throws IOException {
        return Handover.of(
                calls.openDirectory(path),
                root -> {
                    try {
                        root.clearInherited();
                    } catch (SystemCallException e) {
                        // it may be somebody else's who lets us write: then its group goes on to
                        // what we make
                        if (!e.is(Errno.EPERM)) {
                            throw e;
                        }
                    }
                    return new DirectoryDestination(
                            path,
                            root,
                            new InPlace(before),
                            root,
                            DescriptorReserve.open(root),
                            before,
                            warnings);
                });
    }

    private static DirectoryDestination beside(
            Path path, Old old, FileSystemCalls calls, Warnings warnings) throws IOException {
        Path directory = path.getParent();
        if (directory == null) {
            throw new IllegalArgumentException(path.toString());
        }
        Leftovers.remove(path, warnings);
        return Handover.of(
                calls.openDirectory(directory),
                parent -> {
                    DirectoryDestination made = null;
                    while (made == null) {
                        made = growing(path, parent, old, warnings);
                    }
                    return made;
                });
    }

    /// @return null when another run took the new directory for a leftover before it was locked
    private static @Nullable DirectoryDestination growing(
            Path path, DirectoryHandle parent, Old old, Warnings warnings) throws IOException {
        byte[] name = FileSystemCalls.name(path);
        byte[] temporary = SiblingName.of(name);
        parent.makeDirectory(temporary, 0700);
        Closeable made = () -> parent.removeDirectory(temporary);
        try {
            return Handover.of(
                    made,
                    _ ->
                            Handover.of(
                                    parent.openDirectory(temporary),
                                    root -> {
                                        hold(parent, temporary, root);
                                        root.clearInherited();
                                        return new DirectoryDestination(
                                                path,
                                                parent,
                                                new Sibling(temporary, name),
                                                root,
                                                DescriptorReserve.open(root),
                                                old,
                                                warnings);
                                    }));
        } catch (SystemCallException e) {
            if (e.is(Errno.ENOENT, Errno.EAGAIN)) {
                return null;
            }
            throw e;
        }
    }

    /// Fails with `EAGAIN` or `ENOENT` when the directory went to another run's clean-up.
    private static void hold(DirectoryHandle parent, byte[] name, DirectoryHandle directory)
            throws IOException {
        try {
            if (!directory.lock()) {
                throw new SystemCallException(Errno.EAGAIN);
            }
        } catch (SystemCallException e) {
            if (e.is(Errno.EAGAIN)) {
                throw e;
            }
            // without locks nobody finds a leftover
        }
        parent.openDirectory(name).close();
    }

    /// True when a tree stands there, which this one replaces.
    public boolean replacesTree() {
        return old instanceof Tree;
    }

    /// Says what a replaced tree hands on, in the moment of the commit, and where it stays.
    ///
    /// @throws UndockerException when somebody lives where it is to stay
    public void succeed(Succession wanted) {
        succession = wanted;
        if (replacesTree()) {
            useOfPrevious()
                    .ifPresent(use -> {
                        throw new UndockerException("%s: %s".formatted(path, use))
                                .withHint(
                                        "stop what runs there, or leave it alone with another"
                                                + " --name");
                    });
        }
    }

    /// The directory to fill: empty, the caller's own until the commit.
    public DirectoryHandle root() {
        return root;
    }

    /// Gives the directory to fill a mode, less what the umask takes from everybody but its owner.
    public void setMode(int mode) throws IOException {
        root.setMode(mode & (~ProcessStatus.current().umask() | 0700));
    }

    /// Puts a small file into the directory to fill.
    public void write(String name, byte[] content) {
        try (NewFileChannel file = makeFile(name, 0644)) {
            file.write(ByteBuffer.wrap(content));
        } catch (IOException e) {
            throw UndockerException.because(path.resolve(name).toString(), e);
        }
    }

    /// A new file in the directory to fill, to be closed before the commit.
    ///
    /// @param mode bits of the umask are taken off
    public NewFileChannel makeFile(String name, int mode) throws IOException {
        return new NewFileChannel(root.makeFile(name.getBytes(StandardCharsets.UTF_8), mode));
    }

    /// The final name, its parent without links.
    public Path path() {
        return path;
    }

    /// Fails when there is less space than `bytes` for the tree.
    public void requireSpace(long bytes) {
        Path existing = place instanceof InPlace ? path : path.resolveSibling(".");
        String shortage = FreeSpace.shortage(existing, bytes);
        if (shortage != null) {
            throw new UndockerException("%s: %s".formatted(path, shortage));
        }
    }

    @Override
    public Committed commit() throws IOException {
        if (place instanceof Sibling sibling) {
            try {
                take(sibling);
            } catch (SystemCallException e) {
                if (e.is(Errno.EEXIST, Errno.ENOTEMPTY)) {
                    throw new UndockerException(
                            path + ": appeared or was filled by somebody else meanwhile", e);
                }
                throw UndockerException.because(path.toString(), e);
            }
        }
        state = State.COMMITTED;
        return this::takeBack;
    }

    private void take(Sibling names) throws IOException {
        switch (old) {
            case Nothing nothing -> takeFree(names);
            case EmptyDirectory empty ->
                    parent.rename(names.temporary(), names.name(), Rename.REPLACE);
            case Tree tree -> {
                Occupants.refuse(path.toString(), path);
                if (!succession.kept().isEmpty()) {
                    handOn(names);
                    // that may have taken a while
                    Occupants.refuse(path.toString(), path);
                }
                exchange(names);
                holdOld(names.temporary());
            }
        }
    }

    private void handOn(Sibling names) throws IOException {
        try (DirectoryHandle before = parent.openDirectory(names.name())) {
            handedOn = succession.handOn(before, root);
        }
    }

    private void holdOld(byte[] name) {
        try {
            DirectoryHandle held = parent.openDirectory(name);
            heldOld = held;
            held.lock();
        } catch (IOException e) {
            // no locks, or not ours to read: not protected from another run's clean-up
        }
    }

    private void takeFree(Sibling names) throws IOException {
        try {
            parent.rename(names.temporary(), names.name(), Rename.NO_REPLACE);
        } catch (SystemCallException e) {
            if (!e.is(Errno.ENOSYS, Errno.EINVAL)) {
                throw e;
            }
            // a file system without the flag: at worst an empty directory is replaced
            parent.rename(names.temporary(), names.name(), Rename.REPLACE);
        }
    }

    private void exchange(Sibling names) throws IOException {
        try {
            parent.rename(names.temporary(), names.name(), Rename.EXCHANGE);
        } catch (SystemCallException e) {
            if (!e.is(Errno.ENOSYS, Errno.EINVAL)) {
                throw e;
            }
            exchangeInSteps(names);
        }
    }

    /// For a moment there is nothing under the final name.
    private void exchangeInSteps(Sibling names) throws IOException {
        byte[] aside = SiblingName.of(names.name());
        parent.rename(names.name(), aside, Rename.REPLACE);
        try {
            parent.rename(names.temporary(), names.name(), Rename.REPLACE);
        } catch (IOException e) {
            parent.rename(aside, names.name(), Rename.REPLACE);
            throw e;
        }
        parent.rename(aside, names.temporary(), Rename.REPLACE);
    }

    /// Afterwards the tree is where it grew, for [#close()] to remove.
    private void takeBack() {
        state = State.STUCK;
        try {
            if (place instanceof Sibling sibling) {
                giveBack(sibling);
            }
            state = State.GROWING;
        } catch (IOException e) {
            String left =
                    place instanceof Sibling sibling && old instanceof Tree
                            ? ", what it replaced is left in " + text(sibling.temporary())
                            : "";
            warnings.warn("%s: cannot be taken back%s: %s".formatted(path, left, e.getMessage()));
        }
    }

    private void giveBack(Sibling names) throws IOException {
        switch (old) {
            case Nothing nothing -> parent.rename(names.name(), names.temporary(), Rename.REPLACE);
            case EmptyDirectory before -> {
                byte[] anew = SiblingName.of(names.name());
                parent.makeDirectory(anew, 0700);
                try (DirectoryHandle directory = parent.openDirectory(anew)) {
                    directory.setMode(before.mode());
                    restore(directory, before);
                }
                parent.rename(names.name(), names.temporary(), Rename.REPLACE);
                parent.rename(anew, names.name(), Rename.REPLACE);
            }
            case Tree tree -> exchange(names);
        }
    }

    /// Makes ready for as much as the request's files hold.
    ///
    /// @param written how many bytes of that are there up to now
    public void expect(OutputRequest request, LongSupplier written) {
        writeBack = WriteBack.of(new GrowingTree(root, written), request);
    }

    @Override
    public void sync() throws IOException {
        try {
            switch (state) {
                case GROWING -> {
                    if (writeBack != null) {
                        writeBack.end();
                    }
                    root.syncFileSystem();
                }
                case COMMITTED -> parent.sync();
                case STUCK -> {}
            }
        } catch (IOException e) {
            throw UndockerException.because(path.toString(), e);
        }
    }

    /// Removes the replaced tree after a commit, or else what was written.
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        if (writeBack != null) {
            writeBack.abandon();
        }
        try {
            // for the removal
            reserve.close();
            switch (state) {
                case GROWING -> removeWritten();
                case COMMITTED -> removeOld();
                case STUCK -> {}
            }
        } finally {
            try (parent;
                    root;
                    DirectoryHandle held = heldOld) {
                // closed in reverse order
            }
        }
    }

    private void removeWritten() {
        try {
            switch (place) {
                case Sibling sibling -> TreeRemoval.remove(parent, sibling.temporary());
                case InPlace(EmptyDirectory before) -> {
                    TreeRemoval.removeContent(root);
                    restore(root, before);
                }
            }
        } catch (IOException e) {
            String left =
                    place instanceof Sibling sibling
                            ? " is left in " + text(sibling.temporary())
                            : " is left there in part";
            warnings.warn("%s: what was written%s: %s".formatted(path, left, e.getMessage()));
        }
    }

    /// Gives a directory owner, group and mode as far as the user may.
    private static void restore(DirectoryHandle directory, EmptyDirectory before)
            throws IOException {
        try {
            directory.setOwner(before.owner(), before.group());
            directory.setMode(before.mode());
        } catch (SystemCallException e) {
            // EINVAL: an id that is not mapped in this user namespace
            if (!e.is(Errno.EPERM, Errno.EINVAL)) {
                throw e;
            }
        }
    }

    private void removeOld() {
        if (!(place instanceof Sibling sibling && old instanceof Tree)) {
            return;
        }
        Path tree = path.resolveSibling(FileSystemCalls.path(sibling.temporary()));
        Optional<String> left = Occupants.use(tree).or(this::useOfPrevious);
        try {
            if (left.isEmpty()) {
                succession.settle(parent, sibling.temporary(), handedOn);
            }
        } catch (IOException e) {
            left = Optional.ofNullable(e.getMessage());
        }
        left.ifPresent(why ->
                warnings.warn(
                        "%s: the replaced tree is left in %s: %s"
                                .formatted(path, tree.getFileName(), why)));
    }

    private Optional<String> useOfPrevious() {
        return Optional.ofNullable(succession.previous())
                .map(previous -> path.resolveSibling(previous.name()))
                .flatMap(at -> Occupants.use(at).map(use -> at.getFileName() + " " + use));
    }

    private static String text(byte[] name) {
        return new String(name, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
