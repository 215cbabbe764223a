package dev.undocker.codec;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.XZIOException;
import org.tukaani.xz.XZInputStream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// A library's decoder whose failures say what is wrong in the words of the others here.
final class LibraryDecoder extends FilterInputStream {
    private static final int BUFFER = 64 * 1024;

    /// More than `xz -9` needs (65 MiB), so that a header of a few bytes cannot ask for 1.5 GiB.
    private static final int XZ_MEMORY_KIB = 192 * 1024;

    private final String name;

    private interface Library {
        InputStream open(InputStream stored) throws IOException;
    }

    private LibraryDecoder(String name, InputStream decoded) {
        super(decoded);
        this.name = name;
    }

    static InputStream xz(InputStream stored) throws IOException {
        return open("xz", stored, in -> new XZInputStream(in, XZ_MEMORY_KIB));
    }

    static InputStream bzip2(InputStream stored) throws IOException {
        return open("bzip2", stored, in -> new BZip2CompressorInputStream(in, true));
    }

    private static InputStream open(String name, InputStream stored, Library library)
            throws IOException {
        try {
            return new LibraryDecoder(name, library.open(new BufferedInputStream(stored, BUFFER)));
        } catch (IOException | RuntimeException e) {
            throw explained(name, e);
        }
    }

    @Override
    public int read() throws IOException {
        try {
            return in.read();
        } catch (IOException | RuntimeException e) {
            throw explained(name, e);
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        try {
            return in.read(target, offset, length);
        } catch (IOException | RuntimeException e) {
            throw explained(name, e);
        }
    }

    private static IOException explained(String name, Exception e) {
        return switch (e) {
            case EOFException _ -> new IOException(name + ": data ends too early", e);
            case MemoryLimitException _ ->
                    new IOException(
                            "%s: a dictionary of more than %d MiB is not supported"
                                    .formatted(name, XZ_MEMORY_KIB >> 10),
                            e);
            case XZIOException _, RuntimeException _ -> corrupt(name, e);
            // bzip2's own have no type, and so look like those of the stream below
            default -> name.equals("bzip2") ? corrupt(name, e) : (IOException) e;
        };
    }

    private static IOException corrupt(String name, Exception e) {
        return new IOException("%s: %s".formatted(name, e.getMessage()), e);
    }
}
