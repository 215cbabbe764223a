package dev.undocker.source.daemon;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The lines of a message (RFC 9112, section 2.2), and what lies between them.
///
/// @param stream is buffered
record HttpLines(InputStream stream) {
    private static final int LONGEST = 16 << 10;

    /// The next line without its end.
    String next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int next = stream.read();
            if (next < 0) {
                throw new EOFException("the connection ended in the middle of an answer");
            }
            if (next == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() == LONGEST) {
                throw new IOException("a line of more than %d bytes".formatted(LONGEST));
            }
            line.write(next);
        }
    }
}
