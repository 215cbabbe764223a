package dev.undocker.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;

/// The twin without system calls: java.nio alone.
///
/// Java can open, remove and rename by directory handle ([SecureDirectoryStream]) but not create,
/// so a node is made in a private directory of random name beside the ones that were opened by
/// path, gets its attributes there, and is moved to its place by handle. What is lost against the
/// system calls: device nodes, FIFOs, attributes of directories and those outside `user.*`, set-id
/// and sticky bits of directories that their owner cannot write and of those opened by path,
/// fractions of seconds before 1970, which all fail with `EOPNOTSUPP` or `ENOSYS` after the rest
/// was done; needless slashes in the text of a symbolic link; and the exchange of two names at
/// once.
public final class JavaCalls implements FileSystemCalls {
    @Override
    public DirectoryHandle openDirectory(Path path) throws IOException {
        try {
            DirectoryStream<Path> stream = Files.newDirectoryStream(path);
            if (stream instanceof SecureDirectoryStream<Path> secure) {
                return new JavaDirectory(secure, new JavaStaging(path.toAbsolutePath()), true);
            }
            stream.close();
            throw new SystemCallException(Errno.ENOSYS);
        } catch (IOException e) {
            throw JavaErrors.translate(e);
        }
    }
}
