package dev.undocker.runtime;

import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// A file in which programs look for the names of hosts. Engines make both for every container, so
/// images lack them or have the empty ones that were mounted over while the image was built.
public enum NameFile {
    /// hosts(5): `localhost`, for IPv4 and IPv6.
    HOSTS("etc/hosts", "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n"),
    /// resolv.conf(5): empty, because only the runtime knows a name server. It is there to be
    /// mounted over or filled.
    RESOLVER("etc/resolv.conf", "");

    private static final Metadata METADATA = new Metadata(0644, 0, 0, 0, 0, List.of());

    private final RootfsPath path;
    private final byte[] content;

    NameFile(String path, String content) {
        this.path = RootfsPath.of(path);
        this.content = content.getBytes(StandardCharsets.US_ASCII);
    }

    public RootfsPath path() {
        return path;
    }

    public RootfsPath directory() {
        return Objects.requireNonNull(path.parent());
    }

    /// The file as a container needs it.
    public Inode inode() {
        return new Inode.RegularFile(METADATA, new Content.Generated(content));
    }

    /// True when the image leaves the file to the engine, and has nothing else where its directory
    /// has to be.
    public boolean isLeftOpen(RootfsView rootfs) {
        Inode directory = rootfs.resolve(directory());
        return (directory == null || directory instanceof Inode.Directory)
                && isLeftOpen(rootfs.lookup(path));
    }

    /// The same for what stands at the path, null for nothing. A link is the image's own choice,
    /// wherever it leads.
    public static boolean isLeftOpen(@Nullable Inode inode) {
        return inode == null
                || (inode instanceof Inode.RegularFile file && file.content().size() == 0);
    }
}
