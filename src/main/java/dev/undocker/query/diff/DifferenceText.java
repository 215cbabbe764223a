package dev.undocker.query.diff;

import dev.undocker.query.ChangeText;
import dev.undocker.query.Prose;
import dev.undocker.query.ShownName;
import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.StringJoiner;

/// Differences for people, a line each: `A`, `D` and `C` as in `docker diff`, the path, and in
/// which way it differs.
public final class DifferenceText {
    private final StringBuilder text = new StringBuilder();

    /// How many names came or went with the directory that this was, or is now.
    private final Map<RootfsPath, Integer> below = new HashMap<>();

    private DifferenceText() {}

    /// @param recursive false counts what is below a directory that came or went, and tells no more
    ///   of it
    public static String of(List<Difference> differences, boolean recursive) {
        DifferenceText text = new DifferenceText();
        if (!recursive) {
            differences.forEach(text::count);
        }
        differences.forEach(difference -> text.add(difference, recursive));
        return text.text.toString();
    }

    /// A line each: what both say is left out, what only the first says follows a `-`, what only
    /// the second says a `+`. Where the order alone differs, both are told.
    public static String of(List<ConfigChange> changes) {
        StringBuilder text = new StringBuilder();
        for (ConfigChange change : changes) {
            List<String> gone = new ArrayList<>(change.before());
            List<String> came = new ArrayList<>(change.after());
            gone.removeAll(change.after());
            came.removeAll(change.before());
            boolean moved = gone.isEmpty() && came.isEmpty();
            text.append("config ").append(change.key()).append(" (");
            StringJoiner values = new StringJoiner(", ");
            (moved ? change.before() : gone).forEach(value -> values.add("-" + quoted(value)));
            (moved ? change.after() : came).forEach(value -> values.add("+" + quoted(value)));
            text.append(values).append(")\n");
        }
        return text.toString();
    }

    private static String quoted(String value) {
        return ShownName.of(value.getBytes(StandardCharsets.UTF_8));
    }

    /// What is below something that came or went comes after it.
    private void count(Difference difference) {
        if (isTop(difference)) {
            below.put(difference.path(), 0);
            return;
        }
        RootfsPath at = difference.path();
        while (!below.containsKey(at)) {
            at = Objects.requireNonNull(at.parent());
        }
        below.merge(at, 1, Integer::sum);
    }

    private static boolean isTop(Difference difference) {
        return switch (difference) {
            case Difference.Added added -> added.top();
            case Difference.Deleted deleted -> deleted.top();
            case Difference.Changed _ -> true;
        };
    }

    private void add(Difference difference, boolean recursive) {
        RootfsPath path = difference.path();
        int names = below.getOrDefault(path, 0);
        String more =
                names == 0 ? "" : "%d %s below".formatted(names, names == 1 ? "name" : "names");
        switch (difference) {
            case Difference.Changed changed ->
                    line('C', path, ChangeText.of(changed.changes()), more);
            case Difference.Added added -> {
                if (recursive || added.top()) {
                    line('A', path, "", more);
                }
            }
            case Difference.Deleted deleted -> {
                if (recursive || deleted.top()) {
                    line('D', path, "", more);
                }
            }
        }
    }

    private void line(char letter, RootfsPath path, String changes, String more) {
        text.append(letter).append(' ').append(ShownName.of(path));
        if (!changes.isEmpty() || !more.isEmpty()) {
            String comma = changes.isEmpty() || more.isEmpty() ? "" : ", ";
            text.append(" (").append(Prose.untied(changes)).append(comma).append(more).append(')');
        }
        text.append('\n');
    }
}
