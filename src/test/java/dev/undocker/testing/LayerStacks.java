package dev.undocker.testing;

import static dev.undocker.testing.LayerBuilder.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Random layer stacks from a seed. The alphabet is small, so that collisions, markers over what
/// exists, links to links, and directories that become links and files again are the rule.
public final class LayerStacks {
    /// What a stack is to become; it has nothing that would get lost on the way.
    public enum Form {
        /// Entries as they are, or a tar.
        ANY,
        /// A tree on disk, where symbolic links have no mode, and `user.*` attributes belong to
        /// files and directories (xattr(7)).
        TREE,
        /// A tree that is made without system calls, which has no device nodes, FIFOs, attributes
        /// of directories, fractions of seconds before 1970, or set-id and sticky bits of the root.
        JAVA_TREE
    }

    private static final String[] NAMES = {"a", "b", "c"};
    private static final int[] MODES = {0755, 0644, 04755, 02770, 01777, 0};
    private static final int[] ODD_MODES = {07777, 0111, 06400, 01000};

    /// Longer than a header's field.
    private static final String LONG = "L".repeat(120);

    /// What aufs leaves beside whiteouts; it hides nothing.
    private static final String[] AUFS = {".wh..wh.aufs", ".wh..wh.plnk", ".wh..wh.orph"};

    private final SplittableRandom random;
    private final Form form;

    /// With what is rare in images: sparse files, long names and names that are no text, what aufs
    /// leaves, odd modes.
    private final boolean odd;

    /// Paths named so far, to link to and to hide.
    private final List<String> paths = new ArrayList<>();

    /// Those of them that were no directories.
    private final List<String> linkable = new ArrayList<>();

    /// Files of the present layer; a path below one of them means nothing.
    private final List<String> files = new ArrayList<>();

    private int contents;

    private LayerStacks(long seed, Form form, boolean odd) {
        random = new SplittableRandom(seed);
        this.form = form;
        this.odd = odd;
    }

    public static List<LayerBuilder> of(long seed) {
        return of(seed, Form.ANY);
    }

    public static List<LayerBuilder> of(long seed, Form form) {
        return of(seed, form, false);
    }

    /// With odd things in it, which not every test's model knows.
    public static List<LayerBuilder> odd(long seed, Form form) {
        return of(seed, form, true);
    }

    private static List<LayerBuilder> of(long seed, Form form, boolean odd) {
        LayerStacks stacks = new LayerStacks(seed, form, odd);
        List<LayerBuilder> layers = new ArrayList<>();
        int count = stacks.random.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            boolean again = !layers.isEmpty() && stacks.chance(20);
            layers.add(
                    again ? layers.get(stacks.random.nextInt(layers.size())) : stacks.oneLayer());
        }
        return layers;
    }

    private LayerBuilder oneLayer() {
        files.clear();
        LayerBuilder layer = layer();
        int count = random.nextInt(0, 9);
        for (int i = 0; i < count; i++) {
            member(layer);
        }
        return layer;
    }

    private void member(LayerBuilder layer) {
        int kind = random.nextInt(100);
        if (kind < 12) {
            if (odd && chance(10)) {
                layer.file((chance(50) ? "" : known() + "/") + AUFS[random.nextInt(3)], "");
            } else {
                layer.whiteout(chance(80) ? known() : path());
            }
            return;
        }
        if (kind < 17) {
            layer.opaque(chance(10) ? "" : chance(80) ? known() : path());
            return;
        }
        if (kind < 19) {
            layer.dir("./");
            metadata(layer, Type.DIRECTORY);
            if (form == Form.JAVA_TREE) {
                layer.mode(0755);
            }
            return;
        }
        String path = path();
        while (belowFile(path) && chance(97)) {
            path = path();
        }
        if (kind < 32) {
            String target =
                    linkable.isEmpty() || chance(3)
                            ? known()
                            : linkable.get(
                                    linkable.size()
                                            - 1
                                            - random.nextInt(Math.min(3, linkable.size())));
            if (target.equals(path) || path.startsWith(target + "/")) {
                return;
            }
            layer.hardLink(spelled(path), spelled(target));
        } else if (kind < 44) {
            layer.symlink(spelled(path), linkText());
        } else if (kind < 66) {
            layer.dir(spelled(path) + (chance(50) ? "/" : ""));
        } else if (kind < 70 && form != Form.JAVA_TREE) {
            layer.charDevice(spelled(path), random.nextInt(9), random.nextInt(9));
        } else if (kind < 72 && form != Form.JAVA_TREE) {
            layer.fifo(spelled(path));
        } else if (kind < 74 && form != Form.JAVA_TREE) {
            layer.blockDevice(spelled(path), random.nextInt(9), random.nextInt(9));
        } else {
            // now and then large enough for a hole
            String content = "content " + contents++;
            if (odd && chance(10)) {
                LayerBuilder.SparseForm sparse =
                        chance(50)
                                ? LayerBuilder.SparseForm.OLD_GNU
                                : LayerBuilder.SparseForm.PAX_0_0;
                layer.sparse(sparse, spelled(path), 9000, new LayerBuilder.Piece(5000, content));
            } else {
                layer.file(spelled(path), contents % 4 == 0 ? content.repeat(1000) : content);
            }
        }
        boolean special = kind >= 66 && kind < 74 && form != Form.JAVA_TREE;
        metadata(
                layer,
                kind < 44
                        ? Type.LINK
                        : special ? Type.SPECIAL : kind < 66 ? Type.DIRECTORY : Type.FILE);
        paths.add(path);
        if (kind < 44 || kind >= 66) {
            linkable.add(path);
        }
        if (kind < 32 || kind >= 66) {
            files.add(path);
        }
    }

    private boolean belowFile(String path) {
        return files.stream().anyMatch(file -> path.startsWith(file + "/"));
    }

    private enum Type {
        DIRECTORY,
        FILE,
        LINK,
        SPECIAL
    }

    private boolean mayHaveXattrs(Type type) {
        return switch (form) {
            case ANY -> true;
            case TREE -> type == Type.DIRECTORY || type == Type.FILE;
            case JAVA_TREE -> type == Type.FILE;
        };
    }

    private void metadata(LayerBuilder layer, Type type) {
        if (chance(40) && (form == Form.ANY || type != Type.LINK)) {
            int[] modes = odd && chance(20) ? ODD_MODES : MODES;
            layer.mode(modes[random.nextInt(modes.length)]);
        }
        if (chance(30)) {
            layer.owner(random.nextInt(3), random.nextInt(3));
        }
        if (chance(40)) {
            int seconds = random.nextInt(-2, 100);
            boolean whole = !chance(30) || (seconds < 0 && form == Form.JAVA_TREE);
            layer.mtime(seconds, whole ? 0 : random.nextInt(1_000_000_000));
        }
        if (chance(15) && mayHaveXattrs(type)) {
            layer.xattr("user." + name(), "v" + random.nextInt(9));
        }
    }

    private String known() {
        return paths.isEmpty() ? path() : paths.get(random.nextInt(paths.size()));
    }

    private String path() {
        StringBuilder path = new StringBuilder(name());
        while (path.length() < 5 && chance(45)) {
            path.append('/').append(name());
        }
        return path.toString();
    }

    private String name() {
        if (odd && chance(2)) {
            return LONG;
        }
        if (odd && form == Form.ANY && chance(2)) {
            return "\u00ff";
        }
        return NAMES[random.nextInt(NAMES.length)];
    }

    /// One of the ways to write the same path.
    private String spelled(String path) {
        return switch (random.nextInt(12)) {
            case 0 -> "./" + path;
            case 1 -> "/" + path;
            case 2 -> path.replace("/", "//");
            case 3 -> path.replace("/", "/./");
            case 4 -> path.replace("/", "/x/../");
            default -> path;
        };
    }

    private String linkText() {
        return switch (random.nextInt(6)) {
            case 0 -> "/" + path();
            case 1 -> "../" + path();
            case 2 -> "../../" + name();
            case 3 -> known();
            default -> name();
        };
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
