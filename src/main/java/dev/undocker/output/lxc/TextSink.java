package dev.undocker.output.lxc;

import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A text that is known from the start; the files of the image are not in it.
///
/// @param destination the sink's to commit and close
record TextSink(FileDestination destination, String text) implements RootfsSink {
    @Override
    public void accept(RootfsEntry entry) {}

    @Override
    public void finish() {
        destination.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Committed commit() {
        return destination.commit();
    }

    @Override
    public void sync() {
        destination.sync();
    }

    @Override
    public void close() throws IOException {
        destination.close();
    }
}
