package dev.undocker.source.registry;

import dev.undocker.DirectoryListing;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What one server's directory says about trust, containers-certs.d(5): `*.crt` are authorities
/// beside the system's, `X.cert` with `X.key` is what a server that asks gets.
///
/// @param authorities in DER
record CertsDirectory(List<byte[]> authorities, List<ClientKey> keys) {
    static final CertsDirectory NONE = new CertsDirectory(List.of(), List.of());

    /// The directory of `host[:port]` in the first place that has one.
    static @Nullable Path find(Path home, Path etc, String host) {
        return places(home, etc)
                .map(place -> place.resolve(host))
                .filter(Files::isDirectory)
                .findFirst()
                .orElse(null);
    }

    /// Where such directories lie, in this order.
    static Stream<Path> places(Path home, Path etc) {
        return Stream.of(
                home.resolve(".config/containers/certs.d"),
                etc.resolve("containers/certs.d"),
                etc.resolve("docker/certs.d"));
    }

    /// @throws UndockerException when a key and a certificate are not both there and one another's
    static CertsDirectory read(Path directory, Warnings warnings) {
        List<byte[]> authorities = new ArrayList<>();
        List<ClientKey> keys = new ArrayList<>();
        for (Path file : files(directory, warnings)) {
            String name = file.getFileName().toString();
            if (name.endsWith(".crt")) {
                authorities.addAll(authorities(file, warnings));
            } else if (name.endsWith(".cert")) {
                keys.add(ClientKey.read(file, partner(file, name, ".cert", ".key")));
            } else if (name.endsWith(".key")) {
                partner(file, name, ".key", ".cert");
            }
        }
        return new CertsDirectory(authorities, keys);
    }

    /// The files that Docker's client reads, as far as they are there.
    ///
    /// @throws UndockerException when certificate and key are not one another's
    static CertsDirectory ofDocker(Path directory, Warnings warnings) {
        Path authority = directory.resolve("ca.pem");
        Path certificate = directory.resolve("cert.pem");
        Path key = directory.resolve("key.pem");
        return new CertsDirectory(
                Files.exists(authority) ? authorities(authority, warnings) : List.of(),
                Files.exists(certificate) || Files.exists(key)
                        ? List.of(ClientKey.read(certificate, key))
                        : List.of());
    }

    CertsDirectory withoutKeys() {
        return new CertsDirectory(authorities, List.of());
    }

    private static List<Path> files(Path directory, Warnings warnings) {
        try {
            return DirectoryListing.of(directory).stream().sorted().toList();
        } catch (AccessDeniedException e) {
            warnings.warn("%s: permission denied, so not used".formatted(directory));
            return List.of();
        } catch (IOException e) {
            throw UndockerException.because("%s: cannot be read".formatted(directory), e);
        }
    }

    private static List<byte[]> authorities(Path file, Warnings warnings) {
        try {
            List<byte[]> found =
                    PemBlock.parse(Files.readAllBytes(file)).stream()
                            .filter(PemBlock::isCertificate)
                            .map(PemBlock::bytes)
                            .toList();
            if (found.isEmpty()) {
                warnings.warn("%s: no certificate in PEM".formatted(file));
            }
            return found;
        } catch (IOException e) {
            warnings.warn(
                    UndockerException.because("%s: cannot be read".formatted(file), e).sentence());
            return List.of();
        }
    }

    private static Path partner(Path file, String name, String suffix, String other) {
        String wanted = name.substring(0, name.length() - suffix.length()) + other;
        Path partner = file.resolveSibling(wanted);
        if (!Files.exists(partner)) {
            UndockerException missing =
                    new UndockerException("%s: no %s beside it".formatted(file, wanted));
            throw suffix.equals(".cert")
                    ? missing.withHint("the certificate of an authority ends with .crt")
                    : missing;
        }
        return partner;
    }
}
