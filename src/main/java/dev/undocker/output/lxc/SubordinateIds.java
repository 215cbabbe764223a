package dev.undocker.output.lxc;

import dev.undocker.Warnings;
import dev.undocker.linux.IdKind;
import dev.undocker.linux.IdRanges;
import dev.undocker.linux.ProcessStatus;
import dev.undocker.output.directory.IdMap;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The ids that LXC has to map for a container. Where `newuidmap` and `newgidmap` are installed,
/// LXC maps through them for root too (`lxc_map_ids` in its `conf.c`), and they give nobody more
/// than `/etc/subuid` and `/etc/subgid` say.
final class SubordinateIds {
    private SubordinateIds() {}

    /// Says what the system's root lacks to start the container. Of other users nothing is known:
    /// who writes such a tree without being root has the ids.
    static void check(IdMap uids, IdMap gids, Warnings warnings) {
        boolean root = ProcessStatus.current().uid() == 0 && IdRanges.existing(IdKind.USER).isAll();
        if (root && isInstalled("newuidmap") && isInstalled("newgidmap")) {
            check(uids, IdKind.USER, IdRanges.subordinateToRoot(IdKind.USER), warnings);
            check(gids, IdKind.GROUP, IdRanges.subordinateToRoot(IdKind.GROUP), warnings);
        }
    }

    static void check(IdMap map, IdKind kind, IdRanges granted, Warnings warnings) {
        for (IdMap.Range range : map.ranges()) {
            // everybody may map themselves
            boolean own = range.size() == 1 && range.host() == 0;
            if (!own && !granted.cover(range.host(), range.size())) {
                warnings.warn(
                        "%s: gives root no ids from %d to %d, so lxc-start fails: add the line root:%d:%d"
                                .formatted(
                                        kind.subordinate(),
                                        range.host(),
                                        range.host() + range.size() - 1,
                                        range.host(),
                                        range.size()));
            }
        }
    }

    private static boolean isInstalled(String program) {
        String path = System.getenv("PATH");
        return path != null
                && Stream.of(path.split(File.pathSeparator))
                        .anyMatch(directory ->
                                Files.isExecutable(Path.of(directory).resolve(program)));
    }
}
