package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.content.BulkInputStream;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A blob while it arrives. Where the connection breaks or stalls, the registry is asked for the
/// rest; it is asked itself, since an address that it sent to may be valid no longer. More bytes
/// than there should be are not read. One thread uses it; interrupting that ends the reading.
final class BlobStream extends BulkInputStream {
    /// A connection that brought so much was worth having: what a record of TLS holds. Some
    /// networks break each one after less than a megabyte (podman#29625).
    private static final long PROGRESS = 16 << 10;

    private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

    private final RegistryClient client;
    private final String path;
    private final long size;
    private final Retries retries;
    private long position;
    private long lastBreak;
    private @Nullable InputStream body;
    private @Nullable HttpResponse response;

    /// @param from where to begin
    BlobStream(RegistryClient client, String path, long size, long from) {
        this.client = client;
        this.path = path;
        this.size = size;
        this.retries = client.retries();
        this.position = from;
        this.lastBreak = from;
    }

    /// Asks for it now, and not when the first byte is read.
    ///
    /// @throws dev.undocker.UndockerException when the server does not give it
    BlobStream begun() {
        while (body == null) {
            try {
                body = connect();
            } catch (IOException e) {
                takeUpAgain(e);
            }
        }
        return this;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            if (Thread.currentThread().isInterrupted()) {
                throw new UndockerException("interrupted");
            }
            try {
                int count = arrived(target, offset, length);
                if (count >= 0) {
                    position += count;
                    if (position > size) {
                        throw client.failures()
                                .because(
                                        "%s: more than the %d bytes that it should have%s"
                                                .formatted(path, size, encoding()));
                    }
                    return count;
                }
                if (position >= size) {
                    return -1;
                }
                throw new EOFException("the server sends no more" + encoding());
            } catch (IOException e) {
                takeUpAgain(e);
            }
        }
    }

    /// What explains another size: a server may encode what it was asked for as it is (RFC 9110,
    /// 8.4), or say so of what it does not.
    private String encoding() {
        String said = response == null ? null : response.header("Content-Encoding");
        return said == null || said.equalsIgnoreCase("identity")
                ? ""
                : ", as the server says in the encoding %s".formatted(said);
    }

    private int arrived(byte[] target, int offset, int length) throws IOException {
        InputStream arriving = body;
        if (arriving == null) {
            arriving = connect();
            body = arriving;
        }
        // one byte more than there should be tells that there is more
        return arriving.read(target, offset, (int) Math.min(length, size - position + 1));
    }

    private InputStream connect() throws IOException {
        HttpResponse answer = ask(position);
        if (answer.status() == 416) {
            answer.close();
            answer = ask(0);
        }
        response = answer;
        InputStream arriving = answer.body();
        if (position > 0) {
            arriving.skipNBytes(position - begin(answer));
        }
        return arriving;
    }

    private HttpResponse ask(long from) {
        try {
            return client.get(path, "*/*", from);
        } catch (UndockerException e) {
            throw client.failures().unfinished(position, size, e);
        }
    }

    /// Where in the blob the answer begins.
    private long begin(HttpResponse answer) {
        if (answer.status() == 200) {
            return 0;
        }
        Matcher range = RANGE.matcher(String.valueOf(answer.header("Content-Range")));
        if (!range.matches()
                || !range.group(1).equals(Long.toString(position))
                || !(range.group(2).equals("*") || range.group(2).equals(Long.toString(size)))) {
            throw client.failures().because("%s: another part than was asked for".formatted(path));
        }
        return position;
    }

    private void takeUpAgain(IOException failure) {
        Origin server = response == null ? client.origin() : Origin.of(response.uri());
        close();
        if (position - lastBreak >= PROGRESS) {
            retries.reset();
        }
        lastBreak = position;
        if (!retries.another(null)) {
            throw client.failures().broken(client.origin(), server, path, position, size, failure);
        }
    }

    @Override
    public void close() {
        if (response != null) {
            response.close();
        }
        body = null;
        response = null;
    }
}
