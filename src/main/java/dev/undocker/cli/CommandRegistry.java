package dev.undocker.cli;

import dev.undocker.output.WriterRegistry;
import dev.undocker.source.ImageSources;

import io.quarkus.arc.All;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import picocli.CommandLine.Model.CommandSpec;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// All subcommands: one for each writer, then the others, each group sorted by name.
@Singleton
public class CommandRegistry {
    private final Map<String, Command> commands = new LinkedHashMap<>();

    /// @throws IllegalStateException when two have the same name; both are named
    @Inject
    CommandRegistry(@All List<Command> found, WriterRegistry writers, ImageSources sources) {
        writers.writers().forEach(writer -> add(new WriterCommand(writer, sources)));
        List<Command> others = new ArrayList<>(found);
        // no Comparator.comparing: its lambda is serialisable, which the start-up cache cannot hold
        others.sort((one, other) -> one.name().compareTo(other.name()));
        others.forEach(this::add);
    }

    private void add(Command command) {
        Command other = commands.putIfAbsent(command.name(), command);
        if (other != null) {
            throw new IllegalStateException(
                    "two commands are called %s: %s and %s"
                            .formatted(
                                    command.name(),
                                    other.getClass().getName(),
                                    command.getClass().getName()));
        }
    }

    List<Command> commands() {
        return List.copyOf(commands.values());
    }

    /// The whole command line with all options, which the build makes manual pages and completions
    /// of. What it runs says nothing.
    public CommandSpec specification() {
        OutputStream nowhere = OutputStream.nullOutputStream();
        return UndockerCommand.spec(commands(), null, new Console(nowhere, nowhere, -1));
    }
}
