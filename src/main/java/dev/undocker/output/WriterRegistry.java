package dev.undocker.output;

import io.quarkus.arc.All;

import jakarta.enterprise.context.ApplicationScoped;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// All writers on the class path, sorted by name.
@ApplicationScoped
public class WriterRegistry {
    private final SortedMap<String, OutputWriter> writers =
            new TreeMap<>(Comparator.naturalOrder());

    /// @throws IllegalStateException when two writers have the same name; both classes are named
    public WriterRegistry(@All List<OutputWriter> found) {
        for (OutputWriter writer : found) {
            OutputWriter other = writers.putIfAbsent(writer.name(), writer);
            if (other != null) {
                throw new IllegalStateException(
                        "two writers are called %s: %s and %s"
                                .formatted(
                                        writer.name(),
                                        other.getClass().getName(),
                                        writer.getClass().getName()));
            }
        }
    }

    public List<OutputWriter> writers() {
        return List.copyOf(writers.values());
    }
}
