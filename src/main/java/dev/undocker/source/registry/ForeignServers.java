package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Servers that an image names, as whoever made it wanted. They do not hear who the user is
/// (CVE-2020-15157), and what they send is believed for its digest alone. Thread-safe.
final class ForeignServers {
    private final Origin registry;
    private final Function<Origin, RegistryClient> connect;
    private final Map<Origin, RegistryClient> clients = new ConcurrentHashMap<>();

    /// @param registry where the image is
    /// @param connect makes a client that has no credentials
    ForeignServers(Origin registry, Function<Origin, RegistryClient> connect) {
        this.registry = registry;
        this.connect = connect;
    }

    /// @return null for an address where nothing is fetched from
    @Nullable RemoteBlob find(String url, long size) {
        URI address = WebAddress.read(url);
        if (address == null) {
            return null;
        }
        Origin server = Origin.of(address);
        return server.isWeb() && registry.mayName(server)
                ? new RemoteBlob(clients.computeIfAbsent(server, connect), address.toString(), size)
                : null;
    }
}
