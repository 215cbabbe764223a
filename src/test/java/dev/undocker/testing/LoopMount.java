package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system in a file, as the kernel sees it. Needs the rights of the super-user.
public final class LoopMount {
    private LoopMount() {}

    private interface Reading {
        Listing of(Path mount) throws IOException, InterruptedException;
    }

    /// What is in it.
    ///
    /// @param options for mount(8), such as `loop,ro`
    public static Listing listing(Path image, String options)
            throws IOException, InterruptedException {
        return listing(image, options, TreeListing::of);
    }

    /// The same for what [TreeReading] can read.
    static Listing reading(Path image, String options) throws IOException, InterruptedException {
        return listing(image, options, TreeReading::of);
    }

    private static Listing listing(Path image, String options, Reading reading)
            throws IOException, InterruptedException {
        Requirements.root();
        Requirements.tools("mount", "umount");
        Path mount = Files.createTempDirectory("undocker-mount");
        try {
            Undocker.program(Requirements.tool("mount"), "-o", options, image, mount).succeed();
            try {
                return reading.of(mount);
            } finally {
                Undocker.program(Requirements.tool("umount"), mount).succeed();
            }
        } finally {
            Files.delete(mount);
        }
    }
}
