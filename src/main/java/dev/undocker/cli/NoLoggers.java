package dev.undocker.cli;

import org.jspecify.annotations.Nullable;

import java.util.ResourceBundle;

/// Makes loggers that log nothing. Java itself asks for one whenever it exits ([Runtime#exit]).
/// Quarkus' finder would start a log manager for that, and Java's own the package
/// `java.util.logging`. The distribution's jar names this one as its service.
public final class NoLoggers extends System.LoggerFinder {
    @Override
    public System.Logger getLogger(String name, Module module) {
        return new NoLogger(name);
    }

    private record NoLogger(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String message,
                @Nullable Throwable thrown) {}

        @Override
        public void log(
                Level level,
                @Nullable ResourceBundle bundle,
                @Nullable String format,
                @Nullable Object @Nullable ... values) {}
    }
}
