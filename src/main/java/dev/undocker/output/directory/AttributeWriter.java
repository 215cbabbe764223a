package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.linux.Errno;
import dev.undocker.linux.Node;
import dev.undocker.linux.ProcessStatus;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Gives nodes their owner, attributes, mode and times, in this order: a new owner clears set-id
/// bits and file capabilities, an attribute may need the owner's right to write, which the mode may
/// take away, an ACL changes with the mode, and everything changes the times. What is right already
/// is left alone. Thread-safe.
final class AttributeWriter {
    private static final Errno[] REFUSALS = {
        Errno.EPERM,
        Errno.EACCES,
        Errno.EINVAL,
        Errno.EOPNOTSUPP,
        Errno.ENOSYS,
        Errno.E2BIG,
        Errno.ERANGE,
        Errno.EOVERFLOW
    };

    private static final byte[] ACL = "system.posix_acl_".getBytes(StandardCharsets.US_ASCII);

    private final IdMap uids;
    private final IdMap gids;
    private final Losses losses;
    private final ProcessStatus process;
    private final boolean shifts;
    private final ShiftedXattr shiftedXattr;

    AttributeWriter(IdMap uids, IdMap gids, Losses losses) {
        this.uids = uids;
        this.gids = gids;
        this.losses = losses;
        process = ProcessStatus.current();
        shifts = !uids.isIdentity() || !gids.isIdentity();
        shiftedXattr = new ShiftedXattr(uids, gids);
    }

    /// True when the kernel or the file system will not have it, for whatever lack of rights or
    /// abilities.
    static boolean isRefusal(SystemCallException e) {
        return e.is(REFUSALS);
    }

    /// The mode to make a node with so that [#apply] has the least to do.
    int creationMode(Metadata metadata) {
        return metadata.xattrs().isEmpty() ? metadata.mode() : 0600;
    }

    /// For a node that was made with some other mode.
    void apply(Node node, RootfsPath path, Inode inode) throws IOException {
        apply(node, path, inode, inode instanceof Inode.Symlink);
    }

    /// @param created the mode that the node was made with, from [#creationMode]
    void apply(Node node, RootfsPath path, Inode inode, int created) throws IOException {
        int mode = inode.metadata().mode();
        apply(node, path, inode, created == mode && (mode & (process.umask() | 07000)) == 0);
    }

    private void apply(Node node, RootfsPath path, Inode inode, boolean modeIsRight)
            throws IOException {
        Metadata metadata = inode.metadata();
        setOwner(node, path, inode);
        for (Xattr xattr : metadata.xattrs()) {
            if (!isAcl(xattr)) {
                setXattr(node, path, xattr);
            }
        }
        if (!modeIsRight) {
            setMode(node, path, metadata.mode());
        }
        for (Xattr xattr : metadata.xattrs()) {
            if (isAcl(xattr)) {
                setXattr(node, path, xattr);
            }
        }
        setTimes(node, path, metadata);
    }

    private void setTimes(Node node, RootfsPath path, Metadata metadata) throws IOException {
        try {
            node.setTimes(metadata.mtimeSeconds(), metadata.mtimeNanos());
        } catch (SystemCallException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            losses.add(Losses.Kind.TIME, path, e);
        }
    }

    private void setOwner(Node node, RootfsPath path, Inode inode) throws IOException {
        Metadata metadata = inode.metadata();
        int uid = uids.host(metadata.uid(), path);
        int gid = gids.host(metadata.gid(), path);
        if (uid == process.uid() && gid == process.gid()) {
            return;
        }
        try {
            node.setOwner(uid, gid);
        } catch (SystemCallException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            if (shifts) {
                throw new UndockerException(
                        "%s: cannot get its shifted owner %s:%s: %s"
                                .formatted(
                                        path,
                                        Integer.toUnsignedString(uid),
                                        Integer.toUnsignedString(gid),
                                        e.getMessage()),
                        e);
            }
            losses.addOwner(
                    path, inode instanceof Inode.RegularFile && (metadata.mode() & 06000) != 0, e);
        }
    }

    private void setMode(Node node, RootfsPath path, int mode) throws IOException {
        try {
            node.setMode(mode);
        } catch (SystemCallException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            losses.add(Losses.Kind.MODE, path, e);
        }
    }

    private static boolean isAcl(Xattr xattr) {
        return xattr.name().length > ACL.length
                && Arrays.equals(xattr.name(), 0, ACL.length, ACL, 0, ACL.length);
    }

    private void setXattr(Node node, RootfsPath path, Xattr xattr) throws IOException {
        try {
            node.setXattr(xattr.name(), shifts ? shiftedXattr.value(xattr, path) : xattr.value());
        } catch (SystemCallException e) {
            // ext4 says "no space" of what is too large for its blocks (setxattr(2)); where the
            // disk is really full, the next file says so
            if (!isRefusal(e) && !e.is(Errno.ENOSPC)) {
                throw e;
            }
            losses.addXattr(xattr, path, e);
        }
    }
}
