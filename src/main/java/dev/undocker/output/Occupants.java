package dev.undocker.output;

import dev.undocker.UndockerException;
import dev.undocker.linux.Confinement;
import dev.undocker.linux.MountTable;
import dev.undocker.linux.MountTable.Tree;
import dev.undocker.linux.MountTable.Use;
import dev.undocker.linux.RunningProcess;
import dev.undocker.linux.RunningProcess.Hold;
import dev.undocker.linux.UnixSockets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Whoever lives in a tree: processes with their root, working directory or program in it, mounts
/// in it or of it in any mount namespace, sockets whose names lie in it. Such a tree is neither
/// replaced nor removed. What other users hide (proc(5)) cannot be found.
final class Occupants {
    private final Path tree;

    private Occupants(Path tree) {
        this.tree = tree;
    }

    /// @param destination what the user calls the tree
    /// @param tree its real path
    /// @throws UndockerException when somebody lives there
    static void refuse(String destination, Path tree) {
        Optional<String> use = use(tree);
        if (use.isPresent()) {
            throw new UndockerException(destination + ": " + use.get())
                    .withHint(
                            "stop what runs there and unmount what is mounted, or choose another"
                                    + " directory");
        }
    }

    /// What a tree is in use for: a sentence about the first one found.
    ///
    /// @param tree its real path
    static Optional<String> use(Path tree) {
        return new Occupants(tree).find().map("is in use: "::concat);
    }

    private Optional<String> find() {
        MountTable own = MountTable.read();
        Optional<Tree> place = own.tree(tree);
        return place.flatMap(own::use)
                .map(Occupants::sentence)
                .or(() -> Confinement.unconfined(() -> processes(place)))
                .or(this::sockets);
    }

    private Optional<String> processes(Optional<Tree> place) {
        Set<Object> seen = new HashSet<>();
        for (RunningProcess process : RunningProcess.others()) {
            Optional<String> what = holds(process);
            // a kernel lists the same for all processes with one view
            if (what.isEmpty() && process.view().map(seen::add).orElse(true)) {
                what = place.flatMap(process.mounts()::use).map(Occupants::ofAnother);
            }
            if (what.isPresent()) {
                return what.map(
                        does -> "process %d (%s) %s".formatted(process.id(), process.name(), does));
            }
        }
        return Optional.empty();
    }

    private Optional<String> holds(RunningProcess process) {
        for (Hold hold : Hold.values()) {
            if (process.isWithin(tree, hold)) {
                return Optional.of(
                        switch (hold) {
                            case ROOT -> "has its root there";
                            case WORKING_DIRECTORY -> "works there";
                            case PROGRAM -> "runs a program from there";
                        });
            }
        }
        return Optional.empty();
    }

    private static String ofAnother(Use use) {
        return use instanceof Use.Source(String point) && point.equals("/")
                ? "has its root there"
                : "sees that " + sentence(use);
    }

    private static String sentence(Use use) {
        return switch (use) {
            case Use.Source(String point) -> "it is mounted on " + point;
            case Use.Cover(String point) -> "something is mounted on " + point;
        };
    }

    private Optional<String> sockets() {
        Set<Path> directories = new HashSet<>();
        for (Path socket : UnixSockets.paths()) {
            Path directory = socket.getParent();
            if (directory != null && directories.add(directory) && isWithin(directory)) {
                return Optional.of("the socket %s is open".formatted(socket));
            }
        }
        return Optional.empty();
    }

    private boolean isWithin(Path directory) {
        try {
            return directory.toRealPath().startsWith(tree);
        } catch (IOException none) {
            return false;
        }
    }
}
