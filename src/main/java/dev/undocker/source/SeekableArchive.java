package dev.undocker.source;

import dev.undocker.Events;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.content.FileSlice;
import dev.undocker.content.OpenedFile;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.content.WatchedInputStream;
import dev.undocker.tar.TarReader;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// An archive whose bytes, no longer compressed, can be read at any offset: the file itself where
/// that is possible, else an unlinked temporary file.
///
/// @param location what messages call it
/// @param fallbackName what to call an image that has no name of its own
/// @param owner is closed with the archive
record SeekableArchive(String location, String fallbackName, FileSlice bytes, Closeable owner)
        implements Closeable {
    /// Takes in a file, a pipe or a device. `input` is closed on failure, or when the archive is
    /// closed, or before. What has to be read as a whole is a task of `events`.
    ///
    /// @param path of the same file
    static SeekableArchive open(
            String location,
            String fallbackName,
            ReadableByteChannel input,
            Path path,
            TemporaryFiles temporary,
            Events events) {
        FileSlice file = file(input, path);
        return file != null && isPlain(file)
                ? new SeekableArchive(location, fallbackName, file, input)
                : arriving(
                        location,
                        fallbackName,
                        Channels.newInputStream(input),
                        file != null ? file.length() : Events.UNKNOWN,
                        temporary,
                        events);
    }

    /// Takes in all of a stream, and closes it.
    ///
    /// @param size of the stream, or [Events#UNKNOWN]
    static SeekableArchive arriving(
            String location,
            String fallbackName,
            InputStream input,
            long size,
            TemporaryFiles temporary,
            Events events) {
        try (input) {
            Events.Task read = events.task("read", size);
            AtomicLong stored = new AtomicLong();
            PushbackInputStream all =
                    new PushbackInputStream(
                            new WatchedInputStream(
                                    input,
                                    more -> {
                                        stored.addAndGet(more);
                                        read.advance(more);
                                    }),
                            Compression.MAGIC_LENGTH);
            Compression compression = Compression.peek(all);
            FileChannel spooled =
                    compression == Compression.NONE
                            ? spool(all, temporary)
                            : decode(location, compression, all, size, stored, temporary);
            if (spooled.size() == 0) {
                spooled.close();
                throw new UndockerException(
                        "%s: empty".formatted(location),
                        "the program that wrote it may have failed",
                        null);
            }
            read.close();
            FileSlice bytes = new FileSlice(spooled, 0, spooled.size());
            return new SeekableArchive(location, fallbackName, bytes, spooled);
        } catch (IOException e) {
            throw UndockerException.because("%s: cannot be read".formatted(location), e);
        }
    }

    private static boolean isPlain(FileSlice file) {
        try (InputStream in = file.stream()) {
            return Compression.sniff(in) == Compression.NONE;
        } catch (IOException e) {
            // said when it is read
            return false;
        }
    }

    /// The rest of `input` where it is a file of known size; null for pipes and the like, which
    /// refuse to tell their position or have no size.
    private static @Nullable FileSlice file(ReadableByteChannel input, Path path) {
        if (!(input instanceof FileChannel channel)) {
            return null;
        }
        try {
            long position = channel.position();
            long size = channel.size();
            OpenedFile origin = Files.isRegularFile(path) ? OpenedFile.at(path) : null;
            return size > position
                    ? new FileSlice(channel, position, size - position, origin)
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    /// Of what is no archive only the beginning is kept, by which its reader will know: there may
    /// be no end of it.
    private static FileChannel spool(InputStream in, TemporaryFiles temporary) throws IOException {
        byte[] beginning = in.readNBytes(TarReader.BLOCK);
        InputStream kept = new ByteArrayInputStream(beginning);
        return temporary.spool(
                TarReader.isBeginning(beginning) ? new SequenceInputStream(kept, in) : kept);
    }

    private static FileChannel decode(
            String location,
            Compression compression,
            InputStream in,
            long size,
            AtomicLong stored,
            TemporaryFiles temporary) {
        try (InputStream decoded =
                new WatchedInputStream(
                        compression.decode(in, size),
                        temporary.limits().counter(location, stored::get))) {
            return spool(decoded, temporary);
        } catch (IOException e) {
            throw new UndockerException(
                    "%s: damaged or truncated: %s".formatted(location, e.getMessage()), e);
        }
    }

    @Override
    public void close() throws IOException {
        owner.close();
    }
}
