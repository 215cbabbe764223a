package dev.undocker.query;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;

import java.util.List;
import java.util.stream.Collectors;

/// Changes in words, such as `mode 0644 → 0755`.
public final class ChangeText {
    private static final String TO = " → ";

    private ChangeText() {}

    public static String of(List<Change> changes) {
        return changes.stream().map(ChangeText::of).collect(Collectors.joining(", "));
    }

    private static String of(Change change) {
        return switch (change) {
            case Change.Kind(Inode before, Inode after) ->
                    InodeText.kind(before) + TO + InodeText.kind(after);
            case Change.Mode mode ->
                    "mode " + InodeText.mode(mode.before()) + TO + InodeText.mode(mode.after());
            case Change.Owner owner ->
                    "owner "
                            + InodeText.owner(owner.before())
                            + TO
                            + InodeText.owner(owner.after());
            case Change.Size(long before, long after) -> "size " + before + TO + after;
            case Change.Content() -> "content";
            case Change.Target(byte[] before, byte[] after) ->
                    "target "
                            + Prose.tied(ShownName.of(before))
                            + TO
                            + Prose.tied(ShownName.of(after));
            case Change.Device(Inode before, Inode after) ->
                    "device " + InodeText.numbers(before) + TO + InodeText.numbers(after);
            case Change.Attribute attribute ->
                    "xattr " + Prose.tied(ShownName.of(attribute.name())) + fate(attribute);
            case Change.Links(List<RootfsPath> before, List<RootfsPath> after) ->
                    "links " + names(before) + TO + names(after);
            case Change.Time _ -> "time";
        };
    }

    private static String fate(Change.Attribute attribute) {
        return attribute.before().isEmpty() ? " added" : attribute.after().isEmpty() ? " gone" : "";
    }

    private static String names(List<RootfsPath> paths) {
        return paths.isEmpty()
                ? "none"
                : paths.stream()
                        .map(path -> Prose.tied(ShownName.of(path)))
                        .collect(Collectors.joining(" "));
    }
}
