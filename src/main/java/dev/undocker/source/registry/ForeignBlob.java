package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.source.cache.Origin;

import java.io.InputStream;
import java.util.List;

/// A blob that a registry need not have, because its image says where else it is (image-spec
/// `descriptor.md`, `urls`): once how vendors kept their layers to themselves. The registry is
/// asked first, as by go-containerregistry, since the addresses of old images are often gone.
///
/// @param urls are tried in this order
record ForeignBlob(RemoteBlob registrys, List<String> urls, ForeignServers servers)
        implements Origin {
    ForeignBlob {
        urls = List.copyOf(urls);
    }

    @Override
    public long size() {
        return registrys.size();
    }

    @Override
    public String toString() {
        return registrys + " or where its image says that it is";
    }

    @Override
    public InputStream open(long from) {
        UndockerException failure;
        try {
            return registrys.open(from).begun();
        } catch (UndockerException e) {
            failure = e;
        }
        for (String url : urls) {
            if (Thread.currentThread().isInterrupted()) {
                break;
            }
            RemoteBlob other = servers.find(url, size());
            if (other != null) {
                try {
                    return other.open(from).begun();
                } catch (UndockerException e) {
                    failure =
                            e.withHint(
                                    "the image says that this layer is there; %s does not give it"
                                            .formatted(registrys.client().failures().host()));
                }
            }
        }
        throw failure;
    }
}
