package dev.undocker.source;

import dev.undocker.Warnings;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Says every sentence once: documents are read again when an image is chosen among several.
final class DistinctWarnings implements Warnings {
    private final Warnings warnings;
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    DistinctWarnings(Warnings warnings) {
        this.warnings = warnings;
    }

    @Override
    public void warn(String sentence) {
        if (said.add(sentence)) {
            warnings.warn(sentence);
        }
    }
}
