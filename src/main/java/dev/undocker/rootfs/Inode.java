package dev.undocker.rootfs;

/// What a name in the root file system points to. Hard links are names of one and the same inode
/// object, so inodes are compared by identity where it matters (`==`). Immutable.
public sealed interface Inode {
    Metadata metadata();

    /// The same thing with other metadata.
    Inode withMetadata(Metadata metadata);

    record Directory(Metadata metadata) implements Inode {
        @Override
        public Inode withMetadata(Metadata other) {
            return new Directory(other);
        }
    }

    record RegularFile(Metadata metadata, Content content) implements Inode {
        @Override
        public Inode withMetadata(Metadata other) {
            return new RegularFile(other, content);
        }
    }

    /// @param target the link's text, verbatim; the array is never written again
    record Symlink(Metadata metadata, byte[] target) implements Inode {
        @Override
        public Inode withMetadata(Metadata other) {
            return new Symlink(other, target);
        }
    }

    record CharacterDevice(Metadata metadata, int major, int minor) implements Inode {
        @Override
        public Inode withMetadata(Metadata other) {
            return new CharacterDevice(other, major, minor);
        }
    }

    record BlockDevice(Metadata metadata, int major, int minor) implements Inode {
        @Override
        public Inode withMetadata(Metadata other) {
            return new BlockDevice(other, major, minor);
        }
    }

    record Fifo(Metadata metadata) implements Inode {
        @Override
        public Inode withMetadata(Metadata other) {
            return new Fifo(other);
        }
    }
}
