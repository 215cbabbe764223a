package dev.undocker.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What is mounted where in a mount namespace: `/proc/PID/mountinfo` (proc(5)). Text in it is bytes
/// as ISO 8859-1.
public final class MountTable {
    private static final Set<String> OVERLAY_DIRECTORIES =
            Set.of("lowerdir", "lowerdir+", "datadir+", "upperdir", "workdir");

    private final List<Mount> mounts;
    private final Map<String, Mount> byId = new HashMap<>();

    /// @param device of the file system
    /// @param root the directory or file of the file system that is mounted
    /// @param settings of the file system
    private record Mount(
            String id,
            String parent,
            String device,
            String root,
            String point,
            List<String> options,
            List<String> settings) {

        Spot at(String path) {
            return new Spot(
                    device, join(root, path.substring(point.equals("/") ? 0 : point.length())));
        }
    }

    /// A place on a file system, by whichever mount it is reached.
    private record Spot(String device, String path) {
        boolean holds(Spot other) {
            return device.equals(other.device) && isWithin(path, other.path);
        }
    }

    /// A directory on its file system, which other mount namespaces may reach by other paths.
    public static final class Tree {
        private final Spot spot;
        private final String path;

        private Tree(Spot spot, String path) {
            this.spot = spot;
            this.path = path;
        }
    }

    /// How a mount depends on a tree.
    public sealed interface Use {
        /// The mount point by its path in the table's namespace, to be read by people.
        String point();

        /// The tree, or something in it, is mounted there.
        record Source(String point) implements Use {}

        /// The mount point is in the tree.
        record Cover(String point) implements Use {}
    }

    private MountTable(List<Mount> mounts) {
        this.mounts = mounts;
        mounts.forEach(mount -> byId.put(mount.id(), mount));
    }

    /// This process' table as it is now; empty where the system has none.
    public static MountTable read() {
        return read("self");
    }

    /// @param process its number
    static MountTable read(String process) {
        try {
            return parse(
                    Files.readString(
                            Path.of("/proc", process, "mountinfo"), StandardCharsets.ISO_8859_1));
        } catch (IOException none) {
            return new MountTable(List.of());
        }
    }

    static MountTable parse(String text) {
        List<Mount> mounts = new ArrayList<>();
        for (String line : text.split("\n")) {
            String[] words = line.split(" ");
            if (words.length > 5) {
                mounts.add(
                        new Mount(
                                words[0],
                                words[1],
                                words[2],
                                unescape(words[3]),
                                unescape(words[4]),
                                Arrays.asList(words[5].split(",")),
                                Stream.of(words[words.length - 1].split(","))
                                        .map(MountTable::unescape)
                                        .toList()));
            }
        }
        return new MountTable(mounts);
    }

    /// Space, tab, newline and backslash stand as three octal digits.
    private static String unescape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) == '\\' && at + 3 < text.length()) {
                plain.append((char) Integer.parseInt(text, at + 1, at + 4, 8));
                at += 3;
            } else {
                plain.append(text.charAt(at));
            }
        }
        return plain.toString();
    }

    /// True when something is mounted on exactly this path, which must be a real path.
    public boolean isMountPoint(Path real) {
        String path = text(real);
        return mounts.stream().anyMatch(mount -> mount.point().equals(path));
    }

    /// True when the mount that holds this real path has the option, such as `nodev`.
    public boolean hasOption(Path real, String option) {
        return holder(text(real)).filter(mount -> mount.options().contains(option)).isPresent();
    }

    /// The directory at a real path, to be looked for in this and other tables; empty where the
    /// table has no mount that holds it.
    public Optional<Tree> tree(Path real) {
        String path = text(real);
        return holder(path).map(mount -> new Tree(mount.at(path), path));
    }

    private Optional<Mount> holder(String path) {
        Mount holder = null;
        for (Mount mount : mounts) {
            // a later mount on the same point hides an earlier one
            if (isWithin(mount.point(), path)
                    && (holder == null || mount.point().length() >= holder.point().length())) {
                holder = mount;
            }
        }
        return Optional.ofNullable(holder);
    }

    /// A mount that depends on a tree, if there is one. Directories that an overlay is made of are
    /// known by their names alone.
    public Optional<Use> use(Tree tree) {
        Optional<Use> source =
                point(mount ->
                                tree.spot.holds(new Spot(mount.device(), mount.root()))
                                        || mount.settings().stream()
                                                .anyMatch(setting -> overlays(setting, tree.path)))
                        .map(Use.Source::new);
        return source.or(() -> point(mount -> isIn(mount, tree)).map(Use.Cover::new));
    }

    private Optional<String> point(Predicate<Mount> which) {
        return mounts.stream()
                .filter(which)
                .findFirst()
                .map(mount -> mount.point().getBytes(StandardCharsets.ISO_8859_1))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private boolean isIn(Mount mount, Tree tree) {
        Mount parent = byId.get(mount.parent());
        return parent != null
                && isWithin(parent.point(), mount.point())
                && tree.spot.holds(parent.at(mount.point()));
    }

    private static boolean overlays(String setting, String path) {
        int equals = setting.indexOf('=');
        return equals > 0
                && OVERLAY_DIRECTORIES.contains(setting.substring(0, equals))
                && Stream.of(setting.substring(equals + 1).split(":"))
                        .anyMatch(directory -> isWithin(path, directory));
    }

    private static String join(String directory, String rest) {
        String joined = directory.equals("/") ? rest : directory + rest;
        return joined.length() > 1 && joined.endsWith("/")
                ? joined.substring(0, joined.length() - 1)
                : joined.isEmpty() ? "/" : joined;
    }

    private static boolean isWithin(String directory, String path) {
        return directory.equals("/") || (path + "/").startsWith(directory + "/");
    }

    private static String text(Path real) {
        return new String(FileName.bytes(real.toAbsolutePath()), StandardCharsets.ISO_8859_1)
                .replaceFirst("(?<=.)/$", "");
    }
}
