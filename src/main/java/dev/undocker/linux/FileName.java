package dev.undocker.linux;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Paths of java.nio from bytes and back, whatever the locale: `Path.of(String)` encodes with the
/// locale's charset and refuses what that cannot say, but a `file:` URI carries each byte as an
/// escape.
final class FileName {
    private static final String HEX = "0123456789ABCDEF";

    private FileName() {}

    /// One component, or the text of a symbolic link: a relative path unless it begins with a
    /// slash.
    static Path path(byte[] name) {
        boolean absolute = name.length > 0 && name[0] == '/';
        StringBuilder uri = new StringBuilder(absolute ? "file://" : "file:///");
        for (int at = 0; at < name.length; at++) {
            byte b = name[at];
            if (b == '/' && (at == 0 || name[at - 1] != '/')) {
                uri.append('/');
            } else if (b != '/') {
                uri.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
            }
        }
        Path path = Path.of(URI.create(uri.toString()));
        return absolute ? path : path.subpath(0, path.getNameCount());
    }

    /// The bytes of an absolute path, or of the last component of a relative one.
    static byte[] bytes(Path path) {
        String raw = path.toUri().getRawPath();
        if (!path.isAbsolute()) {
            int end = raw.endsWith("/") ? raw.length() - 1 : raw.length();
            raw = raw.substring(raw.lastIndexOf('/', end - 1) + 1, end);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int at = 0; at < raw.length(); at++) {
            char c = raw.charAt(at);
            if (c == '%') {
                bytes.write(Integer.parseInt(raw, at + 1, at + 3, 16));
                at += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }
}
