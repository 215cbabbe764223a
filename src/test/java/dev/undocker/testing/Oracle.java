package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a stack of layers means, in the most obvious way: a tree in memory, to which one layer
/// after the other is applied as image-spec `layer.md` and this project's choices say. Slow and
/// simple, and made from [LayerBuilder]'s members, so that it shares nothing with the product's own
/// reading and merging.
final class Oracle {
    /// The stack has no meaning: the product must refuse it too.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String why) {
            super(why);
        }
    }

    /// No rule tells what this means: refusing and any tree are both right.
    static final class Unspecified extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unspecified(String why) {
            super(why);
        }
    }

    /// What a name leads to. Hard links are entries with the same node.
    private static final class Node {
        final char type;
        Metadata metadata;
        byte[] content = {};
        String link = "";
        String device = "";
        final Map<String, Entry> children = new TreeMap<>();

        Node(char type, Metadata metadata) {
            this.type = type;
            this.metadata = metadata;
        }

        boolean isDirectory() {
            return type == 'd';
        }
    }

    /// @param layer the number of the layer that made this name, or described its directory last
    private record Entry(Node node, int layer) {}

    private static final int MAX_LINKS = 100;

    private final Node root = new Node('d', Metadata.IMPLIED_DIRECTORY);
    private int layer;

    /// The tree before the present layer's markers were applied.
    private Node lower = root;

    /// The same after its markers, before its additions.
    private Node marked = root;

    static Listing flatten(List<LayerBuilder> layers) {
        return of(layers).listing();
    }

    static Oracle of(List<LayerBuilder> layers) {
        Oracle oracle = new Oracle();
        layers.forEach(oracle::apply);
        return oracle;
    }

    Listing listing() {
        Listing listing = new Listing();
        list(listing, new IdentityHashMap<>(), RootfsPath.ROOT, root);
        return listing;
    }

    /// The layer that made each name but the root's, or described its directory last.
    Map<RootfsPath, Integer> layers() {
        Map<RootfsPath, Integer> layers = new HashMap<>();
        addLayers(RootfsPath.ROOT, root, layers);
        return layers;
    }

    private static void addLayers(RootfsPath path, Node node, Map<RootfsPath, Integer> to) {
        node.children.forEach((name, child) -> {
            RootfsPath below = path.resolve(name.getBytes(ISO_8859_1));
            to.put(below, child.layer);
            addLayers(below, child.node, to);
        });
    }

    /// True when a process whose root this is would find something there, links in its parents
    /// followed.
    boolean finds(String path) {
        return find(root, components(path)) != null;
    }

    private void apply(LayerBuilder builder) {
        layer++;
        lower = copy(root);
        for (RawMember member : builder.members()) {
            List<String> path = components(member.name);
            if (isMarker(path)) {
                applyMarker(path);
            }
        }
        marked = copy(root);
        for (RawMember member : builder.members()) {
            List<String> path = components(member.name);
            if (!isMarker(path)) {
                applyOrdinary(member, path);
            }
        }
    }

    // Names

    private static List<String> components(String name) {
        List<String> components = new ArrayList<>();
        for (String component : name.split("/")) {
            switch (component) {
                case "", "." -> {
                    // says nothing
                }
                case ".." -> {
                    if (components.isEmpty()) {
                        throw new Refused("name leaves the root");
                    }
                    components.removeLast();
                }
                default -> components.add(component);
            }
        }
        return components;
    }

    private static boolean isMarker(List<String> path) {
        return path.stream().anyMatch(component -> component.startsWith(".wh."));
    }

    // Phase 1

    private void applyMarker(List<String> path) {
        if (isMarker(path.subList(0, path.size() - 1))) {
            throw new Unspecified("an entry below a marker");
        }
        String hidden = path.getLast().substring(".wh.".length());
        Node directory = literal(root, path.subList(0, path.size() - 1));
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new Refused("invalid marker");
        }
        if (directory == null) {
            return;
        }
        if (hidden.equals(".wh..opq")) {
            directory.children.clear();
        } else if (!hidden.startsWith(".wh.")) {
            directory.children.remove(hidden);
        }
    }

    // Phase 2

    private void applyOrdinary(RawMember member, List<String> path) {
        if (path.isEmpty()) {
            if (member.type != '5') {
                throw new Refused("the root is no directory");
            }
            root.metadata = metadata(member);
            return;
        }
        Node target = member.type == '1' ? linkTarget(member.link) : null;
        Node found = target == null ? null : find(root, components(member.link));
        Node parent = directory(path.subList(0, path.size() - 1));
        String name = path.getLast();
        Entry old = parent.children.get(name);
        if (target != null) {
            if (found != find(root, components(member.link))) {
                throw new Unspecified("making the link's parents changes what the link leads to");
            }
            if (old != null && holds(old.node, target)) {
                throw new Unspecified("link in the place of its own target");
            }
            parent.children.put(name, new Entry(target, layer));
        } else if (member.type == '5' && old != null && old.node.isDirectory()) {
            old.node.metadata = metadata(member);
            parent.children.put(name, new Entry(old.node, layer));
        } else {
            parent.children.put(name, new Entry(node(member), layer));
        }
    }

    /// The directory of this path, made where it is missing.
    private Node directory(List<String> path) {
        Deque<Node> walked = new ArrayDeque<>(List.of(root));
        Deque<String> rest = new ArrayDeque<>(path);
        int links = 0;
        while (!rest.isEmpty()) {
            String component = rest.removeFirst();
            if (component.equals("..")) {
                if (walked.size() > 1) {
                    walked.removeLast();
                }
                continue;
            }
            Entry child = walked.getLast().children.get(component);
            if (child != null && child.node.isDirectory()) {
                walked.addLast(child.node);
            } else if (child == null || child.layer != layer) {
                // nothing there, or a link or file of a lower layer, whose place a directory takes
                Node made = new Node('d', Metadata.IMPLIED_DIRECTORY);
                walked.getLast().children.put(component, new Entry(made, layer));
                walked.addLast(made);
            } else if (child.node.type == 'l') {
                if (++links > MAX_LINKS) {
                    throw new Unspecified("parent is a loop of links");
                }
                follow(child.node.link, root, walked, rest);
            } else {
                throw new Unspecified("parent is a file of the same layer");
            }
        }
        return walked.getLast();
    }

    private static void follow(String link, Node top, Deque<Node> walked, Deque<String> rest) {
        if (link.startsWith("/")) {
            walked.clear();
            walked.addLast(top);
        }
        List<String> components =
                Arrays.stream(link.split("/"))
                        .filter(component -> !component.isEmpty() && !component.equals("."))
                        .toList();
        components.reversed().forEach(rest::addFirst);
    }

    /// What a hard link leads to; what this layer's markers have hidden can still be linked to,
    /// since that is how a rename looks.
    private Node linkTarget(String link) {
        List<String> path = components(link);
        Node target = find(root, path);
        if (target == null) {
            target = find(lower, path);
            if (target == null) {
                throw new Refused("hard link to nothing");
            }
            if (!hidden(path)) {
                throw new Unspecified("hard link to what this layer has replaced");
            }
        }
        if (target.isDirectory()) {
            throw new Refused("hard link to a directory");
        }
        return target;
    }

    /// Parents are followed wherever they lead inside the root, the last component is not.
    private Node find(Node from, List<String> path) {
        if (path.isEmpty()) {
            return from;
        }
        Deque<Node> walked = new ArrayDeque<>(List.of(from));
        Deque<String> rest = new ArrayDeque<>(path);
        int links = 0;
        while (true) {
            String component = rest.removeFirst();
            if (component.equals("..")) {
                if (walked.size() > 1) {
                    walked.removeLast();
                }
                if (rest.isEmpty()) {
                    return walked.getLast();
                }
                continue;
            }
            Entry child = walked.getLast().children.get(component);
            if (child == null || rest.isEmpty()) {
                return child == null ? null : child.node;
            }
            if (child.node.isDirectory()) {
                walked.addLast(child.node);
            } else if (child.node.type == 'l' && ++links <= MAX_LINKS) {
                follow(child.node.link, from, walked, rest);
            } else {
                return null;
            }
        }
    }

    /// Whether a marker of this layer took the path away, as it is written.
    private boolean hidden(List<String> path) {
        return literal(lower, path) != null && literal(marked, path) == null;
    }

    private static Node literal(Node from, List<String> path) {
        Node node = from;
        for (String component : path) {
            Entry child = node.children.get(component);
            if (child == null) {
                return null;
            }
            node = child.node;
        }
        return node;
    }

    private static boolean holds(Node node, Node wanted) {
        return node == wanted
                || node.children.values().stream().anyMatch(child -> holds(child.node, wanted));
    }

    /// A copy of the directories; everything else is shared.
    private static Node copy(Node node) {
        if (!node.isDirectory()) {
            return node;
        }
        Node copy = new Node('d', node.metadata);
        node.children.forEach(
                (name, child) -> copy.children.put(name, new Entry(copy(child.node), child.layer)));
        return copy;
    }

    // Nodes

    private static Node node(RawMember member) {
        Metadata metadata = metadata(member);
        Node node =
                switch (member.type) {
                    case '0', '7', 'S' -> new Node('f', metadata);
                    case '2' -> new Node('l', metadata);
                    case '3' -> new Node('c', metadata);
                    case '4' -> new Node('b', metadata);
                    case '5' -> new Node('d', metadata);
                    case '6' -> new Node('p', metadata);
                    default -> throw new IllegalArgumentException("type " + member.type);
                };
        node.content = member.content;
        node.link = member.link;
        node.device = member.major + ":" + member.minor;
        return node;
    }

    private static Metadata metadata(RawMember member) {
        List<Xattr> xattrs = new ArrayList<>();
        member.xattrs.forEach((name, value) ->
                xattrs.add(new Xattr(name.getBytes(ISO_8859_1), value.getBytes(ISO_8859_1))));
        xattrs.sort(Comparator.comparing(Xattr::name, Arrays::compareUnsigned));
        return new Metadata(
                member.mode & 07777, member.uid, member.gid, member.mtime, member.nanos, xattrs);
    }

    private static void list(
            Listing listing, Map<Node, Listing.Shown> seen, RootfsPath path, Node node) {
        listing.add(path, seen.computeIfAbsent(node, Oracle::shown));
        node.children.forEach((name, child) ->
                list(listing, seen, path.resolve(name.getBytes(ISO_8859_1)), child.node));
    }

    private static Listing.Shown shown(Node node) {
        String detail =
                switch (node.type) {
                    case 'f' -> " " + Listing.quoted(node.content);
                    case 'l' -> " -> " + RootfsPath.printable(node.link.getBytes(ISO_8859_1));
                    case 'c', 'b' -> " " + node.device;
                    default -> "";
                };
        return Listing.shown(node.type, detail, node.metadata);
    }
}
