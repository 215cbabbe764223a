package dev.undocker.output.directory;

import dev.undocker.linux.ProcessStatus;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.directory.Losses.Kind;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.Xattr;

import java.nio.charset.StandardCharsets;

/// What this process will not be able to keep in a tree, before it writes one: owners and devices,
/// and attributes that are the super-user's or that the kernel has for some kinds of files alone
/// (capabilities(7), xattr(7)). What a file system lacks shows when it is written to.
public final class ForeseenLosses {
    private final ProcessStatus process = ProcessStatus.current();
    private final Losses losses = new Losses(false);

    private ForeseenLosses() {}

    /// Says it in one sentence, if there is anything to say.
    ///
    /// @param entries those that would be written
    public static void tell(Iterable<RootfsEntry> entries, OutputRequest request) {
        ForeseenLosses foreseen = new ForeseenLosses();
        for (RootfsEntry entry : entries) {
            if (entry instanceof RootfsEntry.Node node) {
                foreseen.add(node.inode());
            }
        }
        String sentence = foreseen.losses.sentence();
        if (sentence != null) {
            request.events()
                    .warn(
                            foreseen.process.givesFiles()
                                    ? sentence
                                    : "without root's rights " + sentence);
        }
    }

    private void add(Inode inode) {
        boolean root = process.givesFiles();
        boolean device =
                inode instanceof Inode.CharacterDevice || inode instanceof Inode.BlockDevice;
        if (device && !root) {
            losses.foresee(Kind.DEVICE);
            return;
        }
        Metadata metadata = inode.metadata();
        if (!root && (metadata.uid() != process.uid() || metadata.gid() != process.gid())) {
            losses.foreseeOwner(
                    inode instanceof Inode.RegularFile && (metadata.mode() & 06000) != 0);
        }
        boolean users = inode instanceof Inode.RegularFile || inode instanceof Inode.Directory;
        for (Xattr xattr : metadata.xattrs()) {
            boolean kept =
                    switch (namespace(xattr)) {
                        case "user" -> users;
                        case "security", "trusted" -> root;
                        // an owner sets ACLs
                        default -> true;
                    };
            if (!kept) {
                losses.foreseeXattr(xattr);
            }
        }
    }

    private static String namespace(Xattr xattr) {
        return new String(xattr.name(), StandardCharsets.ISO_8859_1).split("\\.", 2)[0];
    }
}
