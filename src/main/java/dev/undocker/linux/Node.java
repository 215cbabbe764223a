package dev.undocker.linux;

import java.io.Closeable;
import java.io.IOException;

/// A file, directory or other node that is held open to be given its attributes. Attributes are set
/// in the order of these methods: a new owner clears set-id bits and file capabilities, and all of
/// them may touch the times. No method ever follows a symbolic link. Used by one thread at a time.
public interface Node extends Closeable {
    /// Numeric owner and group; chown(2). Numbers up to 2³²−2 as unsigned int.
    void setOwner(int uid, int gid) throws IOException;

    /// The twelve permission bits; chmod(2). Symbolic links have none.
    void setMode(int mode) throws IOException;

    /// An extended attribute, the name with its namespace; setxattr(2).
    void setXattr(byte[] name, byte[] value) throws IOException;

    /// Both modification and access time; utimensat(2).
    void setTimes(long seconds, int nanos) throws IOException;

    /// Lets the node go; a new one stands under its name now at the latest.
    @Override
    void close() throws IOException;
}
