package dev.undocker.source.daemon;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A socket in the file system of this machine (unix(7)).
record UnixAddress(Path path) implements DaemonAddress {
    @Override
    public Connection connect() throws IOException {
        return new UnixConnection(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    @Override
    public String host() {
        return "localhost";
    }

    @Override
    public String obstacle(IOException failure) {
        if (Files.notExists(path)) {
            return "no such socket";
        }
        // connect(2) wants to write, and to search the directories
        return Files.isWritable(path)
                ? "nobody listens there: " + failure.getMessage()
                : "permission denied";
    }

    @Override
    public String hint() {
        return "is the daemon running, and may you talk to it (group docker, or sudo)?";
    }

    @Override
    public String toString() {
        return "unix://" + path;
    }
}
