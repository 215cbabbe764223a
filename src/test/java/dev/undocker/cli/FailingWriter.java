package dev.undocker.cli;

import dev.undocker.Options;
import dev.undocker.output.Committed;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

/// A writer that fails at the first entry as the virtual machine does; no bean, so that nobody
/// meets it by chance.
record FailingWriter(Class<? extends Error> type) implements OutputWriter {
    @Override
    public String name() {
        return "failing";
    }

    @Override
    public String summary() {
        return "Fail";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public Settings newSettings() {
        return new Settings() {
            @Override
            public void declare(Options options) {}

            @Override
            public void validate(String destination) {}

            @Override
            public RootfsSink open(OutputRequest request) {
                return new FailingSink();
            }
        };
    }

    private final class FailingSink implements RootfsSink {
        @Override
        public void accept(RootfsEntry entry) {
            throw type == OutOfMemoryError.class
                    ? new OutOfMemoryError("Java heap space")
                    : new StackOverflowError();
        }

        @Override
        public void finish() {}

        @Override
        public Committed commit() {
            throw new IllegalStateException();
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }
}
