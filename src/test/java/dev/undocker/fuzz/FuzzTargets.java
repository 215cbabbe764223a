package dev.undocker.fuzz;

import dev.undocker.cli.ImageTargets;
import dev.undocker.codec.CodecTargets;
import dev.undocker.source.daemon.DaemonTargets;
import dev.undocker.source.registry.RegistryTargets;

import java.util.List;
import java.util.stream.Stream;

/// All targets.
public final class FuzzTargets {
    private FuzzTargets() {}

    public static List<FuzzTarget> all() {
        return Stream.of(
                        CodecTargets.all(),
                        LayerTargets.all(),
                        DocumentTargets.all(),
                        RegistryTargets.all(),
                        DaemonTargets.all(),
                        ImageTargets.all())
                .flatMap(List::stream)
                .toList();
    }

    public static FuzzTarget of(String name) {
        return all().stream()
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no target " + name));
    }
}
