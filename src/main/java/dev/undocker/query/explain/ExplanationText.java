package dev.undocker.query.explain;

import static dev.undocker.query.explain.EventText.tied;

import dev.undocker.merge.MergeEvent;
import dev.undocker.query.InodeText;
import dev.undocker.query.LayerOrigin;
import dev.undocker.query.Prose;
import dev.undocker.query.ShownLine;
import dev.undocker.query.ShownName;
import dev.undocker.query.explain.Explanation.Account;
import dev.undocker.query.explain.Explanation.Onward;
import dev.undocker.rootfs.RootfsPath;

import java.util.List;
import java.util.stream.Collectors;

/// Explanations for people.
public final class ExplanationText {
    /// More names are only counted.
    private static final int MOST_NAMES = 8;

    private final List<LayerOrigin> layers;
    private final EventText events;
    private final Prose prose;

    private ExplanationText(List<LayerOrigin> layers, MergeHistory history, int width) {
        prose = new Prose(width);
        this.layers = layers;
        events = new EventText(history);
    }

    /// @param layers base first
    /// @param history of the merge that is explained
    /// @param width of the lines, in columns
    public static String of(
            Explanation explanation, List<LayerOrigin> layers, MergeHistory history, int width) {
        ExplanationText text = new ExplanationText(layers, history, width);
        text.add(explanation);
        return text.prose.toString();
    }

    private void add(Explanation explanation) {
        String path = tied(explanation.path());
        addWay(explanation.way());
        switch (explanation.verdict()) {
            case Verdict.Present present -> addPresent(path, present);
            case Verdict.Gone gone -> addGone(path, gone);
            case Verdict.Unreachable(Way.Obstacle obstacle) ->
                    prose.add(
                            0,
                            obstacle.path().equals(explanation.path())
                                    ? "%s is not a directory: it is a %s (layer %d)"
                                            .formatted(
                                                    path,
                                                    InodeText.kind(obstacle.inode()),
                                                    obstacle.layer())
                                    : "%s is not in the image: %s".formatted(path, why(obstacle)));
            case Verdict.Never never -> addNever(path, never);
        }
        for (Account account : explanation.accounts()) {
            prose.addEmptyLine();
            if (!account.path().equals(explanation.path())) {
                prose.add(0, tied(account.path()) + ":");
            }
            addAccount(account.events());
        }
        if (explanation.onward() != null) {
            addOnward(explanation.onward());
        }
    }

    private void addWay(Way way) {
        for (Way.Link link : way.links()) {
            prose.add(
                    0,
                    "%s is a symbolic link to %s (layer %d)"
                            .formatted(
                                    tied(link.path()),
                                    Prose.tied(ShownName.of(link.target())),
                                    link.layer()));
        }
    }

    private void addPresent(String path, Verdict.Present present) {
        String place = tied(present.place());
        prose.add(
                0,
                "%s is in the image%s: a %s%s"
                        .formatted(
                                path,
                                place.equals(path) ? "" : " as " + place,
                                InodeText.described(present.inode()),
                                origin(present)));
        if (!present.otherNames().isEmpty()) {
            prose.add(
                    0,
                    "It has %d more %s: %s"
                            .formatted(
                                    present.otherNames().size(),
                                    present.otherNames().size() == 1 ? "name" : "names",
                                    names(present.otherNames())));
        }
        Verdict.Outlived outlived = present.outlived();
        if (outlived != null) {
            MergeEvent.Removed removal = outlived.removal();
            prose.add(
                    0,
                    "It outlived %s, which it was made a hard link to%s"
                            .formatted(
                                    tied(outlived.target()),
                                    removal == null
                                            ? ""
                                            : " and which layer %d removed"
                                                    .formatted(removal.layer())));
        }
    }

    private static String origin(Verdict.Present present) {
        if (present.implied()) {
            return present.layer() == 0
                    ? ", which no layer describes"
                    : ", which layer %d needs and no layer describes".formatted(present.layer());
        }
        return present.madeBy() == 0 || present.madeBy() == present.layer()
                ? ", from layer %d".formatted(present.layer())
                : ", from layer %d, named so by layer %d"
                        .formatted(present.madeBy(), present.layer());
    }

    private void addGone(String path, Verdict.Gone gone) {
        prose.add(
                0,
                "%s is not in the image: layer %d %s"
                        .formatted(path, gone.gone().layer(), events.goes(gone.gone())));
        if (!gone.otherNames().isEmpty()) {
            prose.add(0, "What it was is still there as %s".formatted(names(gone.otherNames())));
        }
    }

    private void addNever(String path, Verdict.Never never) {
        prose.add(0, "%s is not in the image: no layer has it".formatted(path));
        if (!never.similar().isEmpty()) {
            prose.add(0, "Similar: %s".formatted(names(never.similar())));
        }
    }

    private static String why(Way.Obstacle obstacle) {
        return obstacle.isLoop()
                ? "its way leads through too many symbolic links at " + tied(obstacle.path())
                : "%s is a %s (layer %d), which nothing can be below"
                        .formatted(
                                tied(obstacle.path()),
                                InodeText.kind(obstacle.inode()),
                                obstacle.layer());
    }

    private static String names(List<RootfsPath> paths) {
        String names =
                paths.stream()
                        .limit(MOST_NAMES)
                        .map(EventText::tied)
                        .collect(Collectors.joining(", "));
        int left = paths.size() - MOST_NAMES;
        return left > 0 ? "%s and %d more".formatted(names, left) : names;
    }

    private void addAccount(List<MergeEvent> account) {
        int layer = 0;
        MergeEvent.Removed replaced = null;
        for (MergeEvent event : account) {
            if (event.layer() != layer) {
                layer = event.layer();
                addLayer(layer);
            }
            if (event instanceof MergeEvent.Removed gone) {
                boolean replacedHere =
                        gone.cause() == MergeEvent.Cause.REPLACED && gone.at().equals(gone.path());
                if (replacedHere) {
                    replaced = gone;
                } else {
                    prose.add(2, events.goes(gone));
                }
            } else {
                prose.add(
                        2,
                        replaced == null
                                ? EventText.comes(event)
                                : EventText.replaces(replaced, event));
                replaced = null;
            }
        }
    }

    private void addLayer(int number) {
        LayerOrigin origin = layers.get(number - 1);
        String step = origin.shownStep();
        prose.addLine(
                0,
                "layer %d  %s%s"
                        .formatted(
                                number,
                                origin.shownDigest().shortened(),
                                step == null ? "" : "  " + ShownLine.of(step)));
    }

    private void addOnward(Onward onward) {
        prose.addEmptyLine();
        Explanation end = onward.end();
        if (end == null) {
            Way.Obstacle obstacle = onward.way().obstacle();
            prose.add(
                    0,
                    "The link leads nowhere: %s"
                            .formatted(obstacle == null ? "nothing is there" : why(obstacle)));
            return;
        }
        prose.add(0, "The link leads to %s".formatted(tied(end.path())));
        List<Way.Link> further = onward.way().links();
        if (further.size() > 1) {
            addWay(new Way(further.subList(1, further.size()), null, null, null));
        }
        add(end);
    }
}
