package dev.undocker.output.directory;

import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.BeforeEach;

import java.nio.file.Path;

class DirectoryWriterTest implements WriterContract {
    @BeforeEach
    void needsDevices() {
        Requirements.root();
    }

    @Override
    public OutputWriter writer() {
        return new DirectoryWriter();
    }

    @Override
    public String read(Path destination) throws Exception {
        return TreeListing.of(destination).toString();
    }
}
