package dev.undocker.source.daemon;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a daemon answers to one question (RFC 9112). Status and headers have arrived; the body does
/// while it is read.
///
/// @param headers by their name in lower case; the last one counts
/// @param connection is closed with it
record Answer(int status, Map<String, String> headers, InputStream body, Connection connection)
        implements Closeable {
    private static final int BUFFER = 64 << 10;
    private static final int MOST_HEADERS = 200;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] ([1-9][0-9]{2})( .*)?");
    private static final Pattern SIZE = Pattern.compile("[0-9]{1,18}");

    /// Asks for what is at a path.
    ///
    /// @param path with its query, encoded as a URL wants it
    /// @param connection is closed with the answer, and on failure
    static Answer get(Connection connection, String host, String path) throws IOException {
        try {
            connection.write(
                    """
                    GET %s HTTP/1.1\r
                    Host: %s\r
                    User-Agent: undocker\r
                    Connection: close\r
                    \r
                    """
                            .formatted(path, host)
                            .getBytes(StandardCharsets.US_ASCII));
            return read(connection);
        } catch (IOException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private static Answer read(Connection connection) throws IOException {
        HttpLines lines = new HttpLines(new BufferedInputStream(connection.input(), BUFFER));
        int status = status(lines.next());
        Map<String, String> headers = headers(lines);
        while (status < 200) {
            status = status(lines.next());
            headers = headers(lines);
        }
        return new Answer(status, headers, body(headers, lines), connection);
    }

    private static int status(String line) throws IOException {
        Matcher matcher = STATUS.matcher(line);
        if (!matcher.matches()) {
            throw new IOException("not an answer of HTTP/1.1");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static Map<String, String> headers(HttpLines lines) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < MOST_HEADERS; i++) {
            String line = lines.next();
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new IOException("more than %d headers".formatted(MOST_HEADERS));
    }

    /// Without a length it goes on to the end of the connection (RFC 9112, section 6.3).
    private static InputStream body(Map<String, String> headers, HttpLines lines)
            throws IOException {
        String coding = headers.get("transfer-encoding");
        if (coding != null) {
            if (!coding.equalsIgnoreCase("chunked")) {
                throw new IOException("a body in an unknown coding: " + coding);
            }
            return new ChunkedBody(lines);
        }
        String size = headers.get("content-length");
        if (size == null) {
            return lines.stream();
        }
        if (!SIZE.matcher(size).matches()) {
            throw new IOException("a body that does not say its size");
        }
        return new SizedBody(lines.stream(), Long.parseLong(size));
    }

    /// The value of a header.
    ///
    /// @param name in lower case
    @Nullable String header(String name) {
        return headers.get(name);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
