package dev.undocker.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;

/// A node in the staging directory, which nobody else can reach: its path is safe to use until
/// [#close()] moves it to its place.
class JavaNode implements Node {
    final Path staged;
    private final JavaStaging staging;
    private final SecureDirectoryStream<Path> target;
    private final byte[] name;
    private boolean placed;

    JavaNode(JavaStaging staging, Path staged, SecureDirectoryStream<Path> target, byte[] name) {
        this.staging = staging;
        this.staged = staged;
        this.target = target;
        this.name = name;
    }

    @Override
    public void setOwner(int uid, int gid) throws IOException {
        try {
            // one after the other; −1 keeps
            Files.setAttribute(staged, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(staged, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void setMode(int mode) throws IOException {
        throw new SystemCallException(Errno.EOPNOTSUPP);
    }

    @Override
    public void setXattr(byte[] attribute, byte[] value) throws IOException {
        String text = new String(attribute, StandardCharsets.UTF_8);
        if (!text.startsWith("user.")) {
            throw new SystemCallException(Errno.EOPNOTSUPP);
        }
        if (Files.isSymbolicLink(staged)) {
            // as the kernel says, xattr(7); the JDK fails to open it
            throw new SystemCallException(Errno.EPERM);
        }
        UserDefinedFileAttributeView view =
                Files.getFileAttributeView(
                        staged, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view == null) {
            throw new SystemCallException(Errno.EOPNOTSUPP);
        }
        try {
            view.write(text.substring("user.".length()), ByteBuffer.wrap(value));
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    @Override
    public void setTimes(long seconds, int nanos) throws IOException {
        try {
            setTimes(
                    Files.getFileAttributeView(
                            staged, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
                    seconds,
                    nanos);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    /// Before 1970 in whole seconds: the JDK hands the kernel a negative fraction there, which
    /// fails.
    ///
    /// @throws SystemCallException with `EOPNOTSUPP` after setting a time without its fraction
    static void setTimes(BasicFileAttributeView view, long seconds, int nanos) throws IOException {
        boolean whole = seconds < 0 && nanos != 0;
        FileTime time =
                FileTime.from(
                        Instant.ofEpochSecond(
                                Math.clamp(
                                        seconds,
                                        Instant.MIN.getEpochSecond(),
                                        Instant.MAX.getEpochSecond()),
                                whole ? 0 : nanos));
        view.setTimes(time, time, null);
        if (whole) {
            throw new SystemCallException(Errno.EOPNOTSUPP);
        }
    }

    @Override
    public void close() throws IOException {
        if (placed) {
            return;
        }
        placed = true;
        try {
            staging.place(staged, target, name);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }

    /// A regular file.
    static final class File extends JavaNode implements NewFile {
        private final FileChannel channel;

        File(
                JavaStaging staging,
                Path staged,
                SecureDirectoryStream<Path> target,
                byte[] name,
                FileChannel channel) {
            super(staging, staged, target, name);
            this.channel = channel;
        }

        @Override
        public void write(ByteBuffer data, long position) throws IOException {
            long at = position;
            try {
                while (data.hasRemaining()) {
                    at += channel.write(data, at);
                }
            } catch (IOException e) {
                throw JavaErrors.translate(e);
            }
        }

        @Override
        public void setMode(int mode) throws IOException {
            try {
                Files.setAttribute(staged, "unix:mode", mode);
            } catch (IOException e) {
                throw JavaErrors.translate(e);
            }
        }

        /// Java opens the file anew for it, which the mode may forbid.
        @Override
        public void setTimes(long seconds, int nanos) throws IOException {
            try {
                super.setTimes(seconds, nanos);
            } catch (SystemCallException e) {
                if (!e.is(Errno.EACCES)) {
                    throw e;
                }
                int mode = (int) Files.getAttribute(staged, "unix:mode") & 07777;
                setMode(0600);
                super.setTimes(seconds, nanos);
                setMode(mode);
            }
        }

        /// Java cannot lengthen a file without writing: its last byte is written.
        @Override
        public void setSize(long size) throws IOException {
            if (size > channel.size()) {
                write(ByteBuffer.allocate(1), size - 1);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            super.close();
        }
    }
}
