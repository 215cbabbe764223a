package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// A directory held by its file descriptor.
final class LinuxDirectory extends LinuxFile implements DirectoryHandle {
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;
    private static final int O_WRONLY = 1;
    private static final int O_CREAT = 0100;
    private static final int O_EXCL = 0200;
    private static final int RESOLVE_NO_XDEV = 0x01;
    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_BENEATH = 0x08;
    private static final int OPEN_HOW_SIZE = 24;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int LOCK_EX = 2;
    private static final int LOCK_NB = 4;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_SIZE = 256;

    /// The longest target of a symbolic link: `PATH_MAX`.
    private static final int MAX_LINK = 4096;

    /// The longest list of names, and the longest value, of a node's extended attributes: xattr(7).
    private static final int MAX_XATTR = 64 * 1024;

    private static final int S_IFIFO = 0010000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFBLK = 0060000;

    /// Whether openat2(2) was refused, by an old kernel or a seccomp filter.
    private static volatile boolean bySteps;

    private final int directoryFlags;

    private LinuxDirectory(SyscallNumbers numbers, long descriptor) {
        super(numbers, Math.toIntExact(descriptor));
        directoryFlags = O_CLOEXEC | numbers.directoryFlag() | numbers.noFollowFlag();
    }

    static LinuxDirectory open(byte[] path) throws SystemCallException {
        SyscallNumbers numbers =
                Objects.requireNonNull(SyscallNumbers.of(System.getProperty("os.arch")));
        Syscall call = Syscall.ofThread();
        return new LinuxDirectory(
                numbers,
                call.call(
                        numbers.openat(),
                        LinuxNode.AT_FDCWD,
                        call.first(path),
                        O_CLOEXEC | numbers.directoryFlag()));
    }

    @Override
    public LinuxDirectory openDirectory(byte[] path) throws SystemCallException {
        if (bySteps) {
            return openBySteps(path);
        }
        Syscall call = Syscall.ofThread();
        MemorySegment how = call.structure();
        how.setAtIndex(ValueLayout.JAVA_LONG, 0, directoryFlags);
        how.setAtIndex(ValueLayout.JAVA_LONG, 1, 0);
        how.setAtIndex(
                ValueLayout.JAVA_LONG, 2, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
        try {
            return new LinuxDirectory(
                    numbers,
                    call.call(
                            numbers.openat2(),
                            descriptor,
                            call.first(path),
                            how.address(),
                            OPEN_HOW_SIZE));
        } catch (SystemCallException e) {
            if (!e.is(Errno.ENOSYS, Errno.EPERM)) {
                throw e;
            }
            LinuxDirectory opened = openBySteps(path);
            bySteps = true;
            return opened;
        }
    }

    /// One handle per component, none of which may be a symbolic link.
    LinuxDirectory openBySteps(byte[] path) throws SystemCallException {
        LinuxDirectory current = this;
        int from = 0;
        while (true) {
            int to = from;
            while (to < path.length && path[to] != '/') {
                to++;
            }
            LinuxDirectory next;
            try {
                next = current.step(Arrays.copyOfRange(path, from, to));
            } finally {
                if (current != this) {
                    current.close();
                }
            }
            if (to == path.length) {
                return next;
            }
            current = next;
            from = to + 1;
        }
    }

    private LinuxDirectory step(byte[] name) throws SystemCallException {
        if (Arrays.equals(name, new byte[] {'.', '.'})) {
            throw new SystemCallException(Errno.EXDEV);
        }
        Syscall call = Syscall.ofThread();
        return new LinuxDirectory(
                numbers, call.call(numbers.openat(), descriptor, call.first(name), directoryFlags));
    }

    @Override
    public void makeDirectory(byte[] name, int mode) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(numbers.mkdirat(), descriptor, call.first(name), mode);
    }

    @Override
    public NewFile makeFile(byte[] name, int mode) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        long file =
                call.call(
                        numbers.openat(),
                        descriptor,
                        call.first(name),
                        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | numbers.noFollowFlag(),
                        mode & 0777);
        return new LinuxFile(numbers, Math.toIntExact(file));
    }

    @Override
    public Node makeSymlink(byte[] name, byte[] target) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(numbers.symlinkat(), call.first(target), descriptor, call.second(name));
        return new LinuxNode(numbers, descriptor, name);
    }

    @Override
    public Node makeSpecial(byte[] name, Special kind, int mode, int major, int minor)
            throws SystemCallException {
        int type =
                switch (kind) {
                    case FIFO -> S_IFIFO;
                    case CHARACTER_DEVICE -> S_IFCHR;
                    case BLOCK_DEVICE -> S_IFBLK;
                };
        // the kernel's encoding of a device number (new_encode_dev), not the one of libc
        if ((major & ~0xfff) != 0 || (minor & ~0xfffff) != 0) {
            throw new SystemCallException(Errno.EINVAL);
        }
        long device = (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
        Syscall call = Syscall.ofThread();
        call.call(numbers.mknodat(), descriptor, call.first(name), type | (mode & 07777), device);
        return new LinuxNode(numbers, descriptor, name);
    }

    @Override
    public void makeLink(byte[] name, DirectoryHandle target, byte[] targetName)
            throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(
                numbers.linkat(),
                ((LinuxDirectory) target).descriptor,
                call.first(targetName),
                descriptor,
                call.second(name),
                0);
    }

    @Override
    public void rename(byte[] from, byte[] to, Rename how) throws SystemCallException {
        int flags =
                switch (how) {
                    case REPLACE -> 0;
                    case NO_REPLACE -> 1;
                    case EXCHANGE -> 2;
                };
        Syscall call = Syscall.ofThread();
        call.call(
                numbers.renameat2(),
                descriptor,
                call.first(from),
                descriptor,
                call.second(to),
                flags);
    }

    @Override
    public List<byte[]> list() throws SystemCallException {
        List<byte[]> names = new ArrayList<>();
        // a descriptor of its own: reading moves the position that all users of one share
        try (LinuxDirectory listed = step(new byte[] {'.'});
                Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(64 * 1024, 8);
            while (true) {
                long filled =
                        Syscall.ofThread()
                                .call(
                                        numbers.getdents64(),
                                        listed.descriptor,
                                        buffer.address(),
                                        buffer.byteSize());
                if (filled == 0) {
                    return names;
                }
                // struct linux_dirent64: inode, offset, 16 bits of record length, type, name
                for (long at = 0; at < filled; ) {
                    int length = Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT, at + 16));
                    String name = buffer.getString(at + 19, StandardCharsets.ISO_8859_1);
                    if (!name.equals(".") && !name.equals("..")) {
                        names.add(name.getBytes(StandardCharsets.ISO_8859_1));
                    }
                    at += length;
                }
            }
        }
    }

    @Override
    public byte @Nullable [] linkTarget(byte[] name) throws SystemCallException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(MAX_LINK);
            Syscall call = Syscall.ofThread();
            long length =
                    call.call(
                            numbers.readlinkat(),
                            descriptor,
                            call.first(name),
                            target.address(),
                            target.byteSize());
            return target.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        } catch (SystemCallException e) {
            if (e.is(Errno.EINVAL)) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public boolean remove(byte[] name) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        try {
            call.call(numbers.unlinkat(), descriptor, call.first(name), 0);
            return true;
        } catch (SystemCallException e) {
            if (e.is(Errno.EISDIR)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void removeDirectory(byte[] name) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        call.call(numbers.unlinkat(), descriptor, call.first(name), AT_REMOVEDIR);
    }

    @Override
    public void setDirectoryMode(byte[] name, int mode) throws SystemCallException {
        new LinuxNode(numbers, descriptor, name).setMode(mode);
    }

    @Override
    public boolean lock() throws SystemCallException {
        try {
            Syscall.ofThread().call(numbers.flock(), descriptor, LOCK_EX | LOCK_NB);
            return true;
        } catch (SystemCallException e) {
            if (e.is(Errno.EAGAIN)) {
                return false;
            }
            throw e;
        }
    }

    @Override
    public void sync() throws SystemCallException {
        try {
            Syscall.ofThread().call(numbers.fsync(), descriptor, 0);
        } catch (SystemCallException e) {
            if (!e.is(Errno.EINVAL)) {
                throw e;
            }
        }
    }

    @Override
    public void syncFileSystem() throws SystemCallException {
        Syscall.ofThread().call(numbers.syncfs(), descriptor, 0);
    }

    @Override
    public void syncAhead() throws SystemCallException {
        syncFileSystem();
    }

    @Override
    public void clearInherited() throws SystemCallException {
        removeXattr("system.posix_acl_default");
        removeXattr("system.posix_acl_access");
        setOwner(-1, ProcessStatus.current().gid());
        setMode(0700);
    }

    @Override
    public void takeAttributesOf(DirectoryHandle other) throws SystemCallException {
        LinuxDirectory from = (LinuxDirectory) other;
        try (Arena arena = Arena.ofConfined()) {
            // struct statx: linux/stat.h
            MemorySegment status = arena.allocate(STATX_SIZE, 8);
            Syscall call = Syscall.ofThread();
            call.call(
                    numbers.statx(),
                    from.descriptor,
                    call.first(new byte[0]),
                    AT_EMPTY_PATH,
                    STATX_BASIC_STATS,
                    status.address());
            setOwner(status.get(ValueLayout.JAVA_INT, 20), status.get(ValueLayout.JAVA_INT, 24));
            setMode(status.get(ValueLayout.JAVA_SHORT, 28) & 07777);
            MemorySegment value = arena.allocate(MAX_XATTR);
            for (byte[] name : from.xattrNames(arena)) {
                long size =
                        call.call(
                                numbers.fgetxattr(),
                                from.descriptor,
                                call.first(name),
                                value.address(),
                                value.byteSize());
                takeXattr(name, value.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE));
            }
            setTimes(status.get(ValueLayout.JAVA_LONG, 112), status.get(ValueLayout.JAVA_INT, 120));
        }
    }

    private void takeXattr(byte[] name, byte[] value) throws SystemCallException {
        try {
            setXattr(name, value);
        } catch (SystemCallException e) {
            boolean security =
                    new String(name, StandardCharsets.ISO_8859_1).startsWith("security.");
            if (!security || !e.is(Errno.EPERM, Errno.EACCES)) {
                throw e;
            }
        }
    }

    private List<byte[]> xattrNames(Arena arena) throws SystemCallException {
        MemorySegment names = arena.allocate(MAX_XATTR);
        long size;
        try {
            size =
                    Syscall.ofThread()
                            .call(
                                    numbers.flistxattr(),
                                    descriptor,
                                    names.address(),
                                    names.byteSize());
        } catch (SystemCallException e) {
            if (e.is(Errno.EOPNOTSUPP)) {
                return List.of();
            }
            throw e;
        }
        List<byte[]> all = new ArrayList<>();
        for (long at = 0; at < size; ) {
            String name = names.getString(at, StandardCharsets.ISO_8859_1);
            all.add(name.getBytes(StandardCharsets.ISO_8859_1));
            at += name.length() + 1;
        }
        return all;
    }

    private void removeXattr(String name) throws SystemCallException {
        Syscall call = Syscall.ofThread();
        try {
            call.call(
                    numbers.fremovexattr(),
                    descriptor,
                    call.first(name.getBytes(StandardCharsets.US_ASCII)));
        } catch (SystemCallException e) {
            if (!e.is(Errno.ENODATA, Errno.EOPNOTSUPP)) {
                throw e;
            }
        }
    }
}
