package dev.undocker.source.registry;

import dev.undocker.DirectoryListing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/// The authorities that this machine trusts, found as Go finds them (crypto/x509, root_unix.go and
/// root_linux.go), so that one which was added for skopeo or podman holds here: the first file with
/// all, and whatever lies in the directories. A machine that has neither has Java's.
final class SystemAuthorities {
    private static final List<String> FILES =
            List.of(
                    "ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Gentoo
                    "pki/tls/certs/ca-bundle.crt", // Fedora
                    "ssl/ca-bundle.pem", // openSUSE
                    "pki/tls/cacert.pem", // OpenELEC
                    "pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL
                    "ssl/cert.pem"); // Alpine

    private static final List<String> DIRECTORIES = List.of("ssl/certs", "pki/tls/certs");

    /// Where links in these lead, and where Java's own lie.
    private static final List<Path> LINKED =
            Stream.of(
                            "/usr/share/ca-certificates", // Debian
                            "/usr/local/share/ca-certificates",
                            "/etc/pki/ca-trust", // Fedora
                            "/etc/pki/java",
                            "/usr/share/pki",
                            "/var/lib/ca-certificates") // openSUSE
                    .map(Path::of)
                    .toList();

    private SystemAuthorities() {}

    /// All that is read to find them, with the same parameters; some may be missing.
    static Stream<Path> files(Function<String, @Nullable String> environment, Path etc) {
        return Stream.of(
                        paths(environment.apply("SSL_CERT_FILE"), "\0"),
                        paths(environment.apply("SSL_CERT_DIR"), ":"),
                        under(etc, FILES),
                        under(etc, DIRECTORIES),
                        LINKED)
                .flatMap(List::stream);
    }

    /// In the order in which they are to be looked at; a directory has most of the file's once
    /// more.
    ///
    /// @param environment `SSL_CERT_FILE` stands for the file, `SSL_CERT_DIR` for the directories,
    ///   separated by colons
    /// @param etc what is `/etc` on this machine
    static List<Authorities> find(Function<String, @Nullable String> environment, Path etc) {
        List<Path> files = paths(environment.apply("SSL_CERT_FILE"), "\0");
        List<Path> directories = paths(environment.apply("SSL_CERT_DIR"), ":");
        boolean chosen = !files.isEmpty() || !directories.isEmpty();
        Authorities file =
                new Authorities(() -> first(files.isEmpty() ? under(etc, FILES) : files));
        Authorities others =
                new Authorities(
                        () -> all(directories.isEmpty() ? under(etc, DIRECTORIES) : directories));
        Authorities java =
                new Authorities(
                        () -> !chosen && file.isEmpty() && others.isEmpty() ? ofJava() : List.of());
        return List.of(file, others, java);
    }

    private static List<Path> under(Path etc, List<String> names) {
        return names.stream().map(etc::resolve).toList();
    }

    private static List<Path> paths(@Nullable String list, String separator) {
        return list == null
                ? List.of()
                : Arrays.stream(list.split(separator))
                        .filter(name -> !name.isEmpty())
                        .map(Path::of)
                        .toList();
    }

    /// The certificates of the first file that can be read.
    private static List<byte[]> first(List<Path> files) {
        for (Path file : files) {
            try {
                return read(file);
            } catch (IOException e) {
                // the next one
            }
        }
        return List.of();
    }

    private static List<byte[]> all(List<Path> directories) {
        List<byte[]> certificates = new ArrayList<>();
        for (Path directory : directories) {
            try {
                for (Path file : DirectoryListing.of(directory)) {
                    if (!isAlias(file)) {
                        certificates.addAll(first(List.of(file)));
                    }
                }
            } catch (IOException e) {
                // as good as empty
            }
        }
        return certificates;
    }

    /// By its hash, for OpenSSL, a certificate has a second name in its directory.
    private static boolean isAlias(Path file) {
        try {
            return Files.isSymbolicLink(file)
                    && Files.readSymbolicLink(file).toString().indexOf('/') < 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<byte[]> read(Path file) throws IOException {
        return PemBlock.parse(Files.readAllBytes(file)).stream()
                .filter(PemBlock::isCertificate)
                .map(PemBlock::bytes)
                .toList();
    }

    private static List<byte[]> ofJava() {
        try {
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            List<byte[]> certificates = new ArrayList<>();
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager trust) {
                    for (X509Certificate certificate : trust.getAcceptedIssuers()) {
                        certificates.add(certificate.getEncoded());
                    }
                }
            }
            return certificates;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java's own authorities", e);
        }
    }
}
