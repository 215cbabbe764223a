package dev.undocker.runtime;

import dev.undocker.Warnings;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of an image no process in its container sees, since a runtime mounts over it.
public final class HiddenTree {
    private final String runtime;
    private final Map<String, HiddenPlace> places = new LinkedHashMap<>();

    private HiddenTree(String runtime) {
        this.runtime = runtime;
    }

    /// @param volumes what a runtime mounts on them comes after its own mounts, and hides nothing
    ///   here
    public static HiddenTree of(
            RuntimeMounts mounts, ProcessDescription process, Volumes volumes, RootfsView rootfs) {
        HiddenTree tree = new HiddenTree(mounts.runtime());
        for (String point : mounts.points()) {
            // mounts follow links
            RootfsPath top = PathWalk.to(RootfsPath.of(point), rootfs::lookup).end();
            if (top == null) {
                continue;
            }
            HiddenPlace place = new HiddenPlace(rootfs, top);
            place.program(process.program());
            if (mounts.empty().contains(point)) {
                place.directory("working directory", process.workingDirectory());
                if (volumes.areMounted()) {
                    place.everythingBut(volumes.all().stream().map(Volume::path).toList());
                } else {
                    volumes.all().forEach(v -> place.directory("volume", v.declared()));
                    place.everythingBut(List.of());
                }
            } else {
                place.filesWithContent();
            }
            tree.places.put(point, place);
        }
        return tree;
    }

    /// Directories that the container's first process can make anew, parents first.
    public List<HiddenDirectory> directories() {
        return places.values().stream().flatMap(place -> place.directories().stream()).toList();
    }

    /// Names what is missed, in one sentence for each mount.
    ///
    /// @param made true when something makes the directories anew
    public void warn(boolean made, Warnings warnings) {
        places.forEach((point, place) -> {
            String missed = place.missed(made);
            if (!missed.isEmpty()) {
                warnings.warn(
                        "%s: %s mounts over it and hides %s".formatted(point, runtime, missed));
            }
        });
    }
}
