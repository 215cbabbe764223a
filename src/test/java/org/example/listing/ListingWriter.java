package org.example.listing;

import dev.undocker.Options;
import dev.undocker.output.Committed;
import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A writer as a third party would add it: one bean, which nothing in the program knows of. It
/// writes the paths, one a line.
@Singleton
public class ListingWriter implements OutputWriter {
    @Override
    public String name() {
        return "listing";
    }

    @Override
    public String summary() {
        return "Write the paths of the root file system";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public Settings newSettings() {
        return new ListingSettings();
    }

    static final class ListingSettings implements Settings {
        private String bullet = "";

        @Override
        public void declare(Options options) {
            options.text("--bullet", "TEXT", "text in front of each path", text -> bullet = text);
        }

        @Override
        public void validate(String destination) {
            FileDestination.validate(destination);
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return new ListingSink(
                    FileDestination.open(request.destination(), request.events()), bullet);
        }
    }

    private record ListingSink(FileDestination destination, String bullet) implements RootfsSink {
        @Override
        public void accept(RootfsEntry entry) throws IOException {
            ByteBuffer line = StandardCharsets.UTF_8.encode(bullet + entry.path() + "\n");
            while (line.hasRemaining()) {
                destination.channel().write(line);
            }
        }

        @Override
        public void finish() {}

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
}
