package dev.undocker.query.explain;

import dev.undocker.EditDistance;
import dev.undocker.merge.MergedRootfs;
import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// What may have been meant by a path that is not there.
final class SimilarNames {
    private static final int MOST = 5;

    /// @param path what stands there
    /// @param distance how far its name is from the one that was looked for
    private record Candidate(RootfsPath path, int distance) {}

    private SimilarNames() {}

    /// Names that are spelled alike beside the first name that is missing, then those of the same
    /// last name elsewhere: at most five.
    ///
    /// @param directory the deepest one on the way that is there
    /// @param missing the name that is missing in it
    /// @param wanted what was looked for
    static List<RootfsPath> of(
            RootfsPath directory, RootfsPath missing, RootfsPath wanted, MergedRootfs tree) {
        String name = text(missing);
        List<Candidate> beside = new ArrayList<>();
        List<RootfsPath> elsewhere = new ArrayList<>();
        tree.below(
                RootfsPath.ROOT,
                (path, _) -> {
                    if (Objects.equals(path.parent(), directory)
                            && EditDistance.isNear(name, text(path))) {
                        beside.add(new Candidate(path, EditDistance.between(name, text(path))));
                    } else if (Arrays.equals(path.name(), wanted.name())) {
                        elsewhere.add(path);
                    }
                });
        beside.sort(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::path));
        elsewhere.sort(
                Comparator.comparingInt(RootfsPath::length)
                        .thenComparing(Comparator.naturalOrder()));
        List<RootfsPath> all = new ArrayList<>();
        beside.forEach(candidate -> all.add(candidate.path()));
        all.addAll(elsewhere);
        return all.subList(0, Math.min(MOST, all.size()));
    }

    /// One character for each byte.
    private static String text(RootfsPath path) {
        return new String(path.name(), StandardCharsets.ISO_8859_1);
    }
}
