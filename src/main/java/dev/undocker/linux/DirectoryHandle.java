package dev.undocker.linux;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/// An open directory. All names are relative to it, bytes, and one component each unless said
/// otherwise; whatever happens to the directory's path meanwhile, the handle stays with the
/// directory itself. No method follows a symbolic link, none replaces what exists unless it says
/// so.
///
/// The methods that make nodes may be called by several threads at once. Failures are
/// [SystemCallException].
public interface DirectoryHandle extends Node {
    /// A directory below this one, several components allowed. Fails with `ELOOP` or `ENOTDIR`
    /// where a component is a symbolic link; openat2(2) with `RESOLVE_BENEATH` and
    /// `RESOLVE_NO_SYMLINKS`, or the same by steps. Where the kernel has that call, it also fails
    /// with `EXDEV` where something is mounted.
    DirectoryHandle openDirectory(byte[] path) throws IOException;

    /// A new directory; mkdir(2). Bits of the umask are missing from its mode, and perhaps set-id
    /// and sticky bits.
    void makeDirectory(byte[] name, int mode) throws IOException;

    /// A new empty file; bits of the umask and the set-id and sticky bits are missing from its
    /// mode.
    NewFile makeFile(byte[] name, int mode) throws IOException;

    /// A new symbolic link; symlink(2).
    Node makeSymlink(byte[] name, byte[] target) throws IOException;

    /// A new FIFO or device node; mknod(2). Bits of the umask are missing from its mode.
    Node makeSpecial(byte[] name, Special kind, int mode, int major, int minor) throws IOException;

    /// A further name for the node `targetName` of `target`, a handle of the same kind; link(2).
    void makeLink(byte[] name, DirectoryHandle target, byte[] targetName) throws IOException;

    /// Gives an entry of this directory another name in it; rename(2).
    void rename(byte[] from, byte[] to, Rename how) throws IOException;

    /// All names but `.` and `..`, unsorted.
    List<byte[]> list() throws IOException;

    /// Where a symbolic link leads, as it stands there; readlink(2).
    ///
    /// @return null for what is no link
    /// @throws SystemCallException `ENOSYS` where links cannot be read
    byte @Nullable [] linkTarget(byte[] name) throws IOException;

    /// Removes a name that is no directory; unlink(2).
    ///
    /// @return false when it is a directory, which then stands as before
    boolean remove(byte[] name) throws IOException;

    /// Removes an empty directory; rmdir(2).
    void removeDirectory(byte[] name) throws IOException;

    /// Sets the mode of a directory in this one that cannot be opened as it is; no link is
    /// followed.
    void setDirectoryMode(byte[] name, int mode) throws IOException;

    /// Frees a new directory from what its parent handed down (default ACL, set-group-ID, group),
    /// so that nodes made in it get the group of the process and the modes asked for.
    void clearInherited() throws IOException;

    /// Gives this directory owner, mode, extended attributes (access control lists among them) and
    /// times of another one. Security labels that only the system may give are left out. `ENOSYS`
    /// where attributes cannot be read.
    ///
    /// @param other of the same kind
    void takeAttributesOf(DirectoryHandle other) throws IOException;

    /// Takes the directory for whoever holds this handle, until it is closed or the process ends;
    /// flock(2). A run that was killed holds nothing any more.
    ///
    /// @return false when another handle has it
    /// @throws SystemCallException where the system or the file system offers no locks
    boolean lock() throws IOException;

    /// Brings the names in this directory to the disk; fsync(2). Does nothing where the file system
    /// has no such call for directories.
    void sync() throws IOException;

    /// Brings everything below this directory to the disk; syncfs(2), which takes the rest of the
    /// file system along.
    void syncFileSystem() throws IOException;

    /// The same ahead of time, so that the last call has less to do; nothing where the system has
    /// no one call for it.
    void syncAhead() throws IOException;

    /// Kinds of nodes without content.
    enum Special {
        FIFO,
        CHARACTER_DEVICE,
        BLOCK_DEVICE
    }

    /// What happens to a name that is taken.
    enum Rename {
        /// An empty directory or a file is replaced.
        REPLACE,
        /// Fails with `EEXIST`.
        NO_REPLACE,
        /// Both names change places at once; `ENOSYS` or `EINVAL` where that is not offered.
        EXCHANGE
    }
}
