package dev.undocker.query.diff;

import dev.undocker.image.ImageConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One thing that two images say differently of themselves.
///
/// @param key such as `environment`
/// @param before all its values, in the first image's order
/// @param after the same of the second image
public record ConfigChange(String key, List<String> before, List<String> after) {
    public ConfigChange {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /// What runs and what is told of it; not when and by whom it was built.
    public static List<ConfigChange> between(ImageConfig before, ImageConfig after) {
        Changes changes = new Changes(new ArrayList<>());
        changes.add(
                "platform",
                List.of(before.platform().toString()),
                List.of(after.platform().toString()));
        ImageConfig.Process old = before.process();
        ImageConfig.Process young = after.process();
        changes.add("entrypoint", old.entrypoint(), young.entrypoint());
        changes.add("command", old.cmd(), young.cmd());
        changes.add("environment", old.env(), young.env());
        changes.add("user", said(old.user()), said(young.user()));
        changes.add("workingDirectory", said(old.workingDir()), said(young.workingDir()));
        changes.add("stopSignal", said(old.stopSignal()), said(young.stopSignal()));
        changes.add("exposedPorts", before.exposedPorts(), after.exposedPorts());
        changes.add("volumes", before.volumes(), after.volumes());
        changes.add("labels", pairs(before.labels()), pairs(after.labels()));
        return changes.found();
    }

    private static List<String> said(@Nullable String value) {
        return value == null || value.isEmpty() ? List.of() : List.of(value);
    }

    private static List<String> pairs(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .toList();
    }

    private record Changes(List<ConfigChange> found) {
        void add(String key, List<String> before, List<String> after) {
            if (!before.equals(after)) {
                found.add(new ConfigChange(key, before, after));
            }
        }
    }
}
