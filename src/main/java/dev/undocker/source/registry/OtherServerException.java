package dev.undocker.source.registry;

import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// A certificate that is trusted, and is for other servers than the one that shows it.
final class OtherServerException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private static final int MOST_NAMES = 5;

    OtherServerException(String server, X509Certificate certificate) {
        super("the certificate is not for %s: %s".formatted(server, names(certificate)));
    }

    /// The second element of each pair is the name (RFC 5280, 4.2.1.6).
    private static String names(X509Certificate certificate) {
        Collection<List<?>> names;
        try {
            names = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            names = null;
        }
        return names == null || names.isEmpty()
                ? "it has no names of servers"
                : names.stream()
                        .limit(MOST_NAMES)
                        .map(pair -> String.valueOf(pair.get(1)))
                        .collect(
                                Collectors.joining(
                                        ", ",
                                        "it is for ",
                                        names.size() > MOST_NAMES ? " and others" : ""));
    }
}
