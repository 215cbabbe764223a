package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/// Reads addresses that servers and images name. Signs that have to be escaped and are not, such as
/// blanks, are escaped as browsers do it (<https://url.spec.whatwg.org/#url-parsing>). What is read
/// need not be an address of the web: [Origin#isWeb] tells.
final class WebAddress {
    private static final String ESCAPED = " \"<>\\^`{|}";

    private WebAddress() {}

    /// @return null for what is no address at all
    static @Nullable URI read(String text) {
        StringBuilder address = new StringBuilder();
        byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int sign = bytes[i] & 0xff;
            if (sign >= 0x7f || ESCAPED.indexOf(sign) >= 0 || sign == '%' && !isEscape(bytes, i)) {
                address.append("%%%02X".formatted(sign));
            } else {
                address.append((char) sign);
            }
        }
        try {
            return new URI(address.toString());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isEscape(byte[] bytes, int at) {
        return at + 2 < bytes.length && isHex(bytes[at + 1]) && isHex(bytes[at + 2]);
    }

    private static boolean isHex(byte sign) {
        return Character.digit(sign, 16) >= 0;
    }
}
