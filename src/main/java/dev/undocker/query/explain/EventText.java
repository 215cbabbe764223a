package dev.undocker.query.explain;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.undocker.merge.MergeEvent;
import dev.undocker.query.Change;
import dev.undocker.query.ChangeText;
import dev.undocker.query.InodeText;
import dev.undocker.query.Prose;
import dev.undocker.query.ShownName;
import dev.undocker.rootfs.RootfsPath;

import java.io.ByteArrayOutputStream;
import java.util.List;

/// What a layer does to a name, as the predicate of a sentence whose subject is the layer.
record EventText(MergeHistory history) {
    private static final byte[] WHITEOUT = ".wh.".getBytes(US_ASCII);
    private static final byte[] OPAQUE = ".wh..wh..opq".getBytes(US_ASCII);

    /// Of a name that comes to where nothing was.
    static String comes(MergeEvent event) {
        return switch (event) {
            case MergeEvent.Added added ->
                    "adds a " + InodeText.whole(added.inode()) + as(added, added.member());
            case MergeEvent.Linked linked -> "adds a " + link(linked) + as(linked, linked.member());
            case MergeEvent.Implied implied -> "makes " + implied(implied);
            case MergeEvent.Updated updated -> updates(updated);
            case MergeEvent.Removed _ -> throw new IllegalArgumentException("it goes");
        };
    }

    /// Of a name that comes in the place of what the same layer has just removed.
    static String replaces(MergeEvent.Removed old, MergeEvent by) {
        return "replaces the %s (layer %d) by "
                        .formatted(InodeText.described(old.inode()), old.of())
                + replacement(by);
    }

    private static String replacement(MergeEvent by) {
        return switch (by) {
            case MergeEvent.Added added ->
                    "a " + InodeText.whole(added.inode()) + as(added, added.member());
            case MergeEvent.Linked linked -> "a " + link(linked) + as(linked, linked.member());
            case MergeEvent.Implied implied -> implied(implied);
            case MergeEvent.Updated _, MergeEvent.Removed _ ->
                    throw new IllegalArgumentException("nothing comes");
        };
    }

    private static String link(MergeEvent.Linked linked) {
        return "hard link to %s, a %s"
                .formatted(tied(linked.target()), InodeText.whole(linked.inode()));
    }

    private static String as(MergeEvent event, RootfsPath member) {
        return member.equals(event.path())
                ? ""
                : ", as %s, through a symbolic link of this layer".formatted(tied(member));
    }

    private static String implied(MergeEvent.Implied implied) {
        return "a directory for %s, without describing it".formatted(tied(implied.member()));
    }

    private static String updates(MergeEvent.Updated updated) {
        List<Change> changes = Change.between(updated.before(), updated.inode());
        return changes.isEmpty()
                ? "describes it again, as it was"
                : "changes the directory itself: " + ChangeText.of(changes);
    }

    /// Of a name that goes and leaves nothing under it.
    String goes(MergeEvent.Removed gone) {
        RootfsPath at = gone.at();
        boolean itself = at.equals(gone.path());
        return switch (gone.cause()) {
            case WHITEOUT ->
                    "deletes %s (whiteout %s)"
                            .formatted(
                                    itself ? "it" : "the directory " + tied(at),
                                    tied(whiteout(at)));
            case OPAQUE_WHITEOUT ->
                    "deletes all that was below %s (opaque whiteout %s)"
                            .formatted(tied(at), tied(at.resolve(OPAQUE)));
            case REPLACED ->
                    itself
                            ? "removes it"
                            : "replaces the directory %s by %s"
                                    .formatted(tied(at), replacement(history.cameInstead(gone)));
        };
    }

    private static RootfsPath whiteout(RootfsPath path) {
        ByteArrayOutputStream name = new ByteArrayOutputStream();
        name.writeBytes(WHITEOUT);
        name.writeBytes(path.name());
        RootfsPath parent = path.parent();
        return (parent == null ? path : parent).resolve(name.toByteArray());
    }

    static String tied(RootfsPath path) {
        return Prose.tied(ShownName.of(path));
    }
}
