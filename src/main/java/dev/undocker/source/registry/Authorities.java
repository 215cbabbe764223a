package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Certificates that are trusted, read when the first server is to be judged. Only those that its
/// chain names are parsed: to parse the 150 of a system takes Java more than ten times as long as
/// to find their names. Thread-safe.
///
/// As in Go's crypto/x509, an issuer is a subject when both are the same bytes.
final class Authorities {
    private final Supplier<List<byte[]>> certificates;
    private @Nullable Map<ByteBuffer, List<byte[]>> bySubject;

    /// @param certificates in DER; what is none is passed over
    Authorities(Supplier<List<byte[]>> certificates) {
        this.certificates = certificates;
    }

    boolean isEmpty() {
        return bySubject().isEmpty();
    }

    private synchronized Map<ByteBuffer, List<byte[]>> bySubject() {
        if (bySubject == null) {
            bySubject = new HashMap<>();
            for (byte[] certificate : certificates.get()) {
                try {
                    bySubject
                            .computeIfAbsent(
                                    Names.of(certificate).subject, key -> new ArrayList<>(1))
                            .add(certificate);
                } catch (IllegalArgumentException e) {
                    // whoever needs it will hear that the authority is unknown
                }
            }
        }
        return bySubject;
    }

    /// Those that may have signed a certificate of the chain, or are in it.
    List<X509Certificate> of(X509Certificate[] chain) throws CertificateException {
        Set<ByteBuffer> wanted = new LinkedHashSet<>();
        for (X509Certificate certificate : chain) {
            Names names = Names.of(certificate.getEncoded());
            wanted.add(names.issuer);
            wanted.add(names.subject);
        }
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> found = new ArrayList<>();
        for (ByteBuffer subject : wanted) {
            for (byte[] certificate : bySubject().getOrDefault(subject, List.of())) {
                found.add(
                        (X509Certificate)
                                factory.generateCertificate(new ByteArrayInputStream(certificate)));
            }
        }
        return found;
    }

    /// Whose a certificate is and who signed it (RFC 5280, section 4.1), in DER.
    private record Names(ByteBuffer issuer, ByteBuffer subject) {
        private static final int VERSION = 0xa0;

        static Names of(byte[] certificate) {
            Der toBeSigned = Der.of(certificate).enter().enter();
            if (toBeSigned.tag() == VERSION) {
                toBeSigned.next();
            }
            toBeSigned.next(); // serial number
            toBeSigned.next(); // algorithm of the signature
            byte[] issuer = toBeSigned.next();
            toBeSigned.next(); // validity
            return new Names(ByteBuffer.wrap(issuer), ByteBuffer.wrap(toBeSigned.next()));
        }
    }
}
