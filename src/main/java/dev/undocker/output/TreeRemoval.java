package dev.undocker.output;

import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.Errno;
import dev.undocker.linux.SystemCallException;

import java.io.IOException;

/// Removes trees by directory handles: no link is followed, whoever changes the tree meanwhile.
final class TreeRemoval {
    private TreeRemoval() {}

    /// Removes a name with everything below it.
    static void remove(DirectoryHandle parent, byte[] name) throws IOException {
        if (parent.remove(name)) {
            return;
        }
        try (DirectoryHandle directory = open(parent, name)) {
            removeContent(directory);
        }
        parent.removeDirectory(name);
    }

    /// Removes everything in a directory.
    static void removeContent(DirectoryHandle directory) throws IOException {
        try {
            removeAll(directory);
        } catch (SystemCallException e) {
            // an owner without the rights of the super-user may have taken u+w from himself
            if (!e.is(Errno.EACCES)) {
                throw e;
            }
            directory.setMode(0700);
            removeAll(directory);
        }
    }

    private static void removeAll(DirectoryHandle directory) throws IOException {
        for (byte[] name : directory.list()) {
            remove(directory, name);
        }
    }

    private static DirectoryHandle open(DirectoryHandle parent, byte[] name) throws IOException {
        try {
            return parent.openDirectory(name);
        } catch (SystemCallException e) {
            if (!e.is(Errno.EACCES)) {
                throw e;
            }
            parent.setDirectoryMode(name, 0700);
            return parent.openDirectory(name);
        }
    }
}
