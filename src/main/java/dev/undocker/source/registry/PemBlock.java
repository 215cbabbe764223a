package dev.undocker.source.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A block of a file in PEM (RFC 7468). What stands between blocks means nothing.
///
/// @param label for example `CERTIFICATE`
/// @param body Base64, below headers in old files
record PemBlock(String label, String body) {
    private static final String BEGIN = "-----BEGIN ";
    private static final String DASHES = "-----";

    static List<PemBlock> parse(byte[] file) {
        String text = new String(file, ISO_8859_1);
        List<PemBlock> blocks = new ArrayList<>();
        int begin = text.indexOf(BEGIN);
        while (begin >= 0) {
            int label = begin + BEGIN.length();
            int labelEnd = text.indexOf(DASHES, label);
            if (labelEnd < 0) {
                break;
            }
            String name = text.substring(label, labelEnd);
            int body = labelEnd + DASHES.length();
            int end = text.indexOf("-----END " + name + DASHES, body);
            if (end >= 0) {
                blocks.add(new PemBlock(name, text.substring(body, end)));
            }
            begin = text.indexOf(BEGIN, Math.max(body, end));
        }
        return blocks;
    }

    /// A certificate as such: OpenSSL's with additions have another label, and headers have no
    /// meaning in one.
    boolean isCertificate() {
        return label.equals("CERTIFICATE") && !hasHeaders();
    }

    /// Headers are how old files say that a key is encrypted (RFC 1421).
    boolean hasHeaders() {
        return body.indexOf(':') >= 0;
    }

    /// What is encoded; nothing when it is not Base64.
    byte[] bytes() {
        try {
            return Base64.getMimeDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
