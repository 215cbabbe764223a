package dev.undocker.linux;

import dev.undocker.DirectoryListing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A directory held by a [SecureDirectoryStream].
final class JavaDirectory implements DirectoryHandle {
    private static final PosixFilePermission[] PERMISSIONS = PosixFilePermission.values();

    private final SecureDirectoryStream<Path> stream;
    private final JavaStaging staging;
    private final boolean ownsStaging;

    JavaDirectory(SecureDirectoryStream<Path> stream, JavaStaging staging, boolean ownsStaging) {
        this.stream = stream;
        this.staging = staging;
        this.ownsStaging = ownsStaging;
    }

    @Override
    public DirectoryHandle openDirectory(byte[] path) throws IOException {
        SecureDirectoryStream<Path> current = stream;
        try {
            for (Path component : FileName.path(path)) {
                if (component.toString().equals("..")) {
                    throw new SystemCallException(Errno.EXDEV);
                }
                SecureDirectoryStream<Path> next =
                        current.newDirectoryStream(component, LinkOption.NOFOLLOW_LINKS);
                if (current != stream) {
                    current.close();
                }
                current = next;
            }
            return new JavaDirectory(current, staging, false);
        } catch (IOException e) {
            if (current != stream) {
                current.close();
            }
            throw JavaErrors.translate(e);
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(int mode) {
        return PosixFilePermissions.asFileAttribute(permissions(mode));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
        // the constants stand in the order of the bits, 0400 first
        for (int i = 0; i < PERMISSIONS.length; i++) {
            if ((mode & 0400 >> i) != 0) {
                set.add(PERMISSIONS[i]);
            }
        }
        return set;
    }

    @Override
    public void makeDirectory(byte[] name, int mode) throws IOException {
        try {
            Path staged = Files.createDirectory(staging.next(), attribute(mode));
            try {
                if ((mode & 07000) != 0) {
                    Files.setAttribute(staged, "unix:mode", mode);
                }
                staging.place(staged, stream, name);
            } catch (IOException e) {
                Files.deleteIfExists(staged);
                throw e;
            }
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public NewFile makeFile(byte[] name, int mode) throws IOException {
        try {
            Path staged = staging.next();
            FileChannel channel =
                    FileChannel.open(
                            staged,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            attribute(mode));
            return new JavaNode.File(staging, staged, stream, name, channel);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target) throws IOException {
        try {
            Path staged = Files.createSymbolicLink(staging.next(), FileName.path(target));
            return new JavaNode(staging, staged, stream, name);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public Node makeSpecial(byte[] name, Special kind, int mode, int major, int minor)
            throws IOException {
        throw new SystemCallException(Errno.ENOSYS);
    }

    /// Java links by path only: the node is moved to the staging directory, linked there, and both
    /// names are moved to their places.
    @Override
    public void makeLink(byte[] name, DirectoryHandle target, byte[] targetName)
            throws IOException {
        SecureDirectoryStream<Path> from = ((JavaDirectory) target).stream;
        Path existing = FileName.path(targetName);
        try {
            if (exists(stream, FileName.path(name))) {
                throw new SystemCallException(Errno.EEXIST);
            }
            Path first = staging.next();
            from.move(existing, staging.stream(), first.getFileName());
            Path second = staging.next();
            try {
                Files.createLink(second, first);
            } finally {
                staging.stream().move(first.getFileName(), from, existing);
            }
            staging.place(second, stream, name);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    static boolean exists(SecureDirectoryStream<Path> directory, Path name) {
        try {
            attributes(directory, name);
            return true;
        } catch (IOException absent) {
            return false;
        }
    }

    private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
            throws IOException {
        return directory
                .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    @Override
    public void takeAttributesOf(DirectoryHandle other) throws IOException {
        throw new SystemCallException(Errno.ENOSYS);
    }

    @Override
    public void rename(byte[] from, byte[] to, Rename how) throws IOException {
        Path source = FileName.path(from);
        Path target = FileName.path(to);
        switch (how) {
            case EXCHANGE -> throw new SystemCallException(Errno.ENOSYS);
            case NO_REPLACE -> {
                if (exists(stream, target)) {
                    throw new SystemCallException(Errno.EEXIST);
                }
            }
            case REPLACE -> {}
        }
        try {
            stream.move(source, stream, target);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public List<byte[]> list() throws IOException {
        List<byte[]> names = new ArrayList<>();
        try {
            for (Path path : DirectoryListing.of(stream)) {
                if (!staging.is(path.getFileName())) {
                    names.add(FileName.bytes(path.getFileName()));
                }
            }
            return names;
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public byte @Nullable [] linkTarget(byte[] name) throws IOException {
        throw new SystemCallException(Errno.ENOSYS);
    }

    @Override
    public boolean remove(byte[] name) throws IOException {
        Path file = FileName.path(name);
        try {
            if (attributes(stream, file).isDirectory()) {
                return false;
            }
            stream.deleteFile(file);
            return true;
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void removeDirectory(byte[] name) throws IOException {
        try {
            stream.deleteDirectory(FileName.path(name));
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void setDirectoryMode(byte[] name, int mode) throws IOException {
        try {
            stream.getFileAttributeView(
                            FileName.path(name),
                            PosixFileAttributeView.class,
                            LinkOption.NOFOLLOW_LINKS)
                    .setPermissions(permissions(mode));
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public boolean lock() throws IOException {
        throw new SystemCallException(Errno.ENOSYS);
    }

    @Override
    public void sync() throws IOException {
        sync(stream, Path.of("."));
    }

    /// Java knows files alone: each is brought to the disk by itself, but for those that their
    /// owner may neither read nor write.
    @Override
    public void syncFileSystem() throws IOException {
        try {
            syncBelow(stream);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void syncAhead() {
        // each file would be asked again and again
    }

    private static void syncBelow(SecureDirectoryStream<Path> directory) throws IOException {
        for (Path path : DirectoryListing.of(directory)) {
            Path name = path.getFileName();
            BasicFileAttributes found = attributes(directory, name);
            if (found.isDirectory()) {
                try (SecureDirectoryStream<Path> below =
                        directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                    syncBelow(below);
                } catch (AccessDeniedException _) {
                    // as said above
                }
            } else if (found.isRegularFile()) {
                sync(directory, name);
            }
        }
        sync(directory, Path.of("."));
    }

    private static void sync(SecureDirectoryStream<Path> directory, Path name) throws IOException {
        try (SeekableByteChannel channel =
                directory.newByteChannel(
                        name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            force((FileChannel) channel);
        } catch (AccessDeniedException _) {
            // as said above
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    /// Like fsync(2), but what the file system cannot bring to the disk is left to it.
    static void force(FileChannel channel) throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            SystemCallException translated = JavaErrors.translate(e);
            if (!translated.is(Errno.EINVAL)) {
                throw translated;
            }
        }
    }

    @Override
    public void clearInherited() throws IOException {
        setOwner(-1, ProcessStatus.current().gid());
        setMode(0700);
    }

    private PosixFileAttributeView view() {
        return stream.getFileAttributeView(PosixFileAttributeView.class);
    }

    @Override
    public void setOwner(int uid, int gid) throws IOException {
        UserPrincipalLookupService principals =
                java.nio.file.FileSystems.getDefault().getUserPrincipalLookupService();
        try {
            // numbers are looked up as names first; a user whose name is another's number is
            // unheard of
            if (uid != -1) {
                view().setOwner(principals.lookupPrincipalByName(Integer.toUnsignedString(uid)));
            }
            if (gid != -1) {
                view().setGroup(
                                principals.lookupPrincipalByGroupName(
                                        Integer.toUnsignedString(gid)));
            }
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    /// Permissions that are right already are left alone, because setting them clears the set-id
    /// and sticky bits that the directory was made with.
    ///
    /// @throws SystemCallException with `EOPNOTSUPP` after clearing bits that were wanted
    @Override
    public void setMode(int mode) throws IOException {
        try {
            Set<PosixFilePermission> wanted = permissions(mode);
            boolean special = (mode & 07000) != 0;
            if (!special || !view().readAttributes().permissions().equals(wanted)) {
                view().setPermissions(wanted);
                if (special) {
                    throw new SystemCallException(Errno.EOPNOTSUPP);
                }
            }
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void setXattr(byte[] name, byte[] value) throws IOException {
        throw new SystemCallException(Errno.EOPNOTSUPP);
    }

    @Override
    public void setTimes(long seconds, int nanos) throws IOException {
        try {
            JavaNode.setTimes(view(), seconds, nanos);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stream.close();
        } finally {
            if (ownsStaging) {
                staging.close();
            }
        }
    }
}
