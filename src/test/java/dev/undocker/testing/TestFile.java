package dev.undocker.testing;

import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Bytes of a test as slices of an open file, which has no name any more.
public final class TestFile implements Closeable {
    private final FileChannel channel;
    private final List<FileSlice> slices = new ArrayList<>();

    private TestFile() throws IOException {
        Path path = Files.createTempFile("undocker-test", null);
        channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Files.delete(path);
    }

    /// One slice for each of the parts; equal ones share their bytes, as in an image.
    public static TestFile of(byte[]... parts) throws IOException {
        TestFile file = new TestFile();
        Map<ByteBuffer, FileSlice> known = new HashMap<>();
        for (byte[] part : parts) {
            FileSlice same = known.get(ByteBuffer.wrap(part));
            if (same != null) {
                file.slices.add(same);
                continue;
            }
            file.append(part);
            known.put(ByteBuffer.wrap(part), file.slices.getLast());
        }
        return file;
    }

    /// A hole of this many bytes.
    public static TestFile sparse(long size) throws IOException {
        TestFile file = new TestFile();
        file.extend(size);
        file.slices.add(new FileSlice(file.channel, 0, size));
        return file;
    }

    private void append(byte[] part) throws IOException {
        long offset = channel.size();
        ByteBuffer buffer = ByteBuffer.wrap(part);
        while (buffer.hasRemaining()) {
            channel.write(buffer, offset + buffer.position());
        }
        slices.add(new FileSlice(channel, offset, part.length));
    }

    /// Makes the file this long, with a hole at its end.
    public void extend(long size) throws IOException {
        channel.write(ByteBuffer.allocate(1), size - 1);
    }

    public FileSlice whole() throws IOException {
        return new FileSlice(channel, 0, channel.size());
    }

    public FileSlice slice() {
        return slices.getFirst();
    }

    public List<FileSlice> slices() {
        return List.copyOf(slices);
    }

    public Content content() {
        FileSlice slice = slice();
        return new Content.Plain(channel, slice.offset(), slice.length());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
