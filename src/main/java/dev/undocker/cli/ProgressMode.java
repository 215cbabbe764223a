package dev.undocker.cli;

import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import java.time.Duration;
import java.util.List;

/// How the user is told of progress.
enum ProgressMode {
    /// A bar where standard error is a terminal, else nothing.
    AUTO("auto", Duration.ofMillis(100)),
    NONE("none", Duration.ZERO),
    /// Lines, once in a while and at the end of each phase.
    PLAIN("plain", Duration.ofSeconds(5)),
    /// The same more often, as JSON objects.
    JSON("json", Duration.ofMillis(500));

    private final String word;
    private final Duration interval;

    ProgressMode(String word, Duration interval) {
        this.word = word;
        this.interval = interval;
    }

    /// How often to tell.
    Duration interval() {
        return interval;
    }

    /// @throws UndockerException when it is none of the words
    static ProgressMode parse(String word) {
        for (ProgressMode mode : values()) {
            if (mode.word.equals(word)) {
                return mode;
            }
        }
        throw Spelling.refusal(word, word, List.of("auto", "none", "plain", "json"));
    }
}
