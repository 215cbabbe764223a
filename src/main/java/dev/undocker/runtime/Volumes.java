package dev.undocker.runtime;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The volumes of an image, and what becomes of them.
///
/// @param all each once, parents before what lies in them
/// @param declared where they are by name, links not followed, also those that can be none here; in
///   the same order
public record Volumes(VolumePolicy policy, List<Volume> all, List<RootfsPath> declared) {
    private static final List<RootfsPath> KERNEL_PLACES =
            RuntimeMounts.KERNEL.stream().map(RootfsPath::of).toList();

    /// Of an image without any.
    public static final Volumes NONE =
            new Volumes(new VolumePolicy.Directory(), List.of(), List.of());

    public Volumes {
        all = List.copyOf(all);
        declared = List.copyOf(declared);
    }

    /// @param warnings hear of each volume that can be none
    public static Volumes of(
            ImageConfig image, VolumePolicy policy, RootfsView rootfs, Warnings warnings) {
        SortedMap<RootfsPath, Volume> found = new TreeMap<>();
        SortedSet<RootfsPath> declared = new TreeSet<>();
        for (String name : image.volumes()) {
            String path = ContainerPath.absolute("/", name);
            try {
                declared.add(RootfsPath.of(path));
                Volume volume = find(path, rootfs);
                String why = obstacle(volume, policy);
                if (why != null) {
                    warnings.warn("volume %s: %s".formatted(path, why));
                } else if (volume != null && !volume.path().isRoot()) {
                    found.put(volume.path(), volume);
                }
            } catch (UndockerException e) {
                warnings.warn("volume %s: not made: %s".formatted(path, e.sentence()));
            }
        }
        return new Volumes(policy, new ArrayList<>(found.values()), new ArrayList<>(declared));
    }

    /// True when a runtime mounts something on each of them.
    public boolean areMounted() {
        return !(policy instanceof VolumePolicy.Directory);
    }

    /// Says of each tmpfs what it hides when `runtime` mounts it empty.
    public void warnOfHiddenContent(String runtime, Warnings warnings) {
        if (policy instanceof VolumePolicy.Tmpfs) {
            all.stream()
                    .filter(Volume::hasContent)
                    .forEach(volume ->
                            warnings.warn(
                                    "volume %s: %s hides the image's content under an empty tmpfs"
                                            .formatted(volume.mountPoint(), runtime)));
        }
    }

    private static @Nullable Volume find(String path, RootfsView rootfs) {
        RootfsPath end = PathWalk.to(RootfsPath.of(path), rootfs::lookup).directory();
        if (end == null) {
            return null;
        }
        Metadata metadata =
                rootfs.lookup(end) instanceof Inode.Directory directory
                        ? directory.metadata()
                        : Metadata.IMPLIED_DIRECTORY;
        return new Volume(path, end, metadata, rootfs.hasContent(end));
    }

    /// Why there is no such volume, or null when there is.
    private static @Nullable String obstacle(@Nullable Volume volume, VolumePolicy policy) {
        if (volume == null) {
            return "not made: something else is in the way in the image";
        }
        if (KERNEL_PLACES.stream().anyMatch(place -> volume.path().startsWith(place))) {
            return "not made: the kernel's own files are there";
        }
        if (policy instanceof VolumePolicy.Directory) {
            return null;
        }
        if (volume.path().isRoot()) {
            return "not mounted: it is the root";
        }
        return volume.isText() ? null : "not mounted: its path is not UTF-8";
    }
}
