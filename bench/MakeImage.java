import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPOutputStream;

/// Makes the images of the benchmarks: the same bytes for the same options.
///
/// It runs as a source file, `java bench/MakeImage.java OPTIONS DIRECTORY`, and writes into
/// DIRECTORY, as `--forms` asks:
///
/// - `docker`: `docker.tar`, a docker-archive with uncompressed layers (always written);
/// - `flat`: `flat.tar`, the root file system those layers make, computed by the generator's own
///   model of the tree, thus an independent expectation for any flattener;
/// - `gzip`, `zstd`: `oci-gzip/`, `oci-zstd/`, OCI layouts with the tag `latest`, and
///   `oci-gzip.blobs`, `oci-zstd.blobs`, the paths of their layer blobs, one a line.
///
/// What was made is told in `facts`: `layers entries survivors bytes flat_bytes`.
void main(String[] args) throws Exception {
    Options options = Options.parse(args);
    Files.createDirectories(options.directory);
    Tree tree = new Tree();
    Path archive = options.directory.resolve("docker.tar");
    List<StoredLayer> layers = new ArrayList<>();
    long entries = 0;
    long bytes = 0;
    try (DockerArchive out = new DockerArchive(archive)) {
        Stack stack = Stack.of(options, tree);
        for (int i = 0; i < options.layers; i++) {
            Layer layer = stack.layer(i);
            StoredLayer stored = out.add(layer, options.bytes > Tar.OCTAL_LIMIT);
            layers.add(stored);
            entries += layer.members.size();
            bytes += stored.size;
        }
        out.finish(layers);
    }
    long[] flat = tree.measure();
    if (options.forms.contains("flat")) {
        try (Tar out = Tar.create(options.directory.resolve("flat.tar"))) {
            tree.write(out);
        }
    }
    for (String form : List.of("gzip", "zstd")) {
        if (options.forms.contains(form)) {
            new OciLayout(options.directory, form).write(archive, layers);
        }
    }
    String facts = "%d %d %d %d %d".formatted(options.layers, entries, flat[0], bytes, flat[1]);
    Files.writeString(options.directory.resolve("facts"), facts + "\n");
    System.err.println(
            "made " + options.directory + ": layers entries survivors bytes flat_bytes = " + facts);
}

record Options(
        String shape,
        int layers,
        int entries,
        long bytes,
        int depth,
        long seed,
        List<String> forms,
        Path directory) {

    static Options parse(String[] args) {
        Map<String, String> given = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            given.put(args[i].substring(2), args[i + 1]);
        }
        if (args.length % 2 == 0) {
            throw new IllegalArgumentException(
                    "usage: java MakeImage.java [--shape"
                        + " tree|wide|links|replace|whiteouts|huge|sparse] [--layers N] [--entries"
                        + " N] [--bytes N] [--depth N] [--seed N] [--forms docker,flat,gzip,zstd]"
                        + " DIRECTORY");
        }
        return new Options(
                given.getOrDefault("shape", "tree"),
                Integer.parseInt(given.getOrDefault("layers", "1")),
                Integer.parseInt(given.getOrDefault("entries", "1000")),
                Long.parseLong(given.getOrDefault("bytes", "1000000")),
                Integer.parseInt(given.getOrDefault("depth", "9")),
                Long.parseLong(given.getOrDefault("seed", "1")),
                List.of(given.getOrDefault("forms", "docker").split(",")),
                Path.of(args[args.length - 1]));
    }
}

/// What a file holds; hard links share one. `name` of a symlink's content is its target.
static final class Inode {
    enum Fill {
        MIXED,
        HOLE,
        SPARSE
    }

    final char type;
    final long size;
    final long seed;
    final String target;
    final Fill fill;

    private Inode(char type, long size, long seed, String target, Fill fill) {
        this.type = type;
        this.size = size;
        this.seed = seed;
        this.target = target;
        this.fill = fill;
    }

    static Inode directory() {
        return new Inode('5', 0, 0, "", Fill.MIXED);
    }

    static Inode file(long size, long seed) {
        return new Inode('0', size, seed, "", Fill.MIXED);
    }

    static Inode file(long size, Fill fill) {
        return new Inode('0', size, 0, "", fill);
    }

    static Inode symlink(String target) {
        return new Inode('2', 0, 0, target, Fill.MIXED);
    }

    static Inode whiteout() {
        return new Inode('0', 0, 0, "", Fill.MIXED);
    }
}

static final class Node {
    final Node parent;
    final String name;
    Inode inode;

    /// The last layer that has a member for this node.
    int layer;

    boolean alive = true;
    TreeMap<String, Node> children;

    Node(Node parent, String name, Inode inode, int layer) {
        this.parent = parent;
        this.name = name;
        this.inode = inode;
        this.layer = layer;
        if (inode.type == '5') {
            children = new TreeMap<>();
        }
    }

    String path() {
        return parent == null || parent.parent == null ? name : parent.path() + "/" + name;
    }

    int depth() {
        return parent == null ? 0 : parent.depth() + 1;
    }

    int count() {
        int count = 0;
        for (Node child : children.values()) {
            count += 1 + (child.children == null ? 0 : child.count());
        }
        return count;
    }

    /// Removes what lower layers put below, keeps what `current` put there.
    void clearLower(int current) {
        children.values()
                .removeIf(child -> {
                    if (child.inode.type == '5') {
                        child.clearLower(current);
                    }
                    if (child.layer < current) {
                        child.alive = false;
                    }
                    return !child.alive;
                });
    }
}

/// The merged tree as it stands after the layers made so far.
static final class Tree {
    final Node root = new Node(null, "", Inode.directory(), 0);

    /// Count of entries, and bytes of content with hard links counted once.
    long[] measure() {
        long[] sums = new long[2];
        measure(root, new IdentityHashMap<>(), sums);
        return sums;
    }

    private static void measure(Node node, IdentityHashMap<Inode, Boolean> seen, long[] sums) {
        for (Node child : node.children.values()) {
            sums[0]++;
            if (seen.put(child.inode, true) == null) {
                sums[1] += child.inode.size;
            }
            if (child.children != null) {
                measure(child, seen, sums);
            }
        }
    }

    void write(Tar out) throws IOException {
        write(root, "", new IdentityHashMap<>(), out);
        out.end();
    }

    private static void write(
            Node node, String prefix, IdentityHashMap<Inode, String> written, Tar out)
            throws IOException {
        for (Node child : node.children.values()) {
            String path = prefix + child.name;
            out.member(path, child.inode, written);
            if (child.children != null) {
                write(child, path + "/", written, out);
            }
        }
    }
}

/// The members of one layer, written in the order of their paths as layer builders do.
static final class Layer {
    final TreeMap<String, Inode> members = new TreeMap<>();

    void write(Tar out) throws IOException {
        IdentityHashMap<Inode, String> written = new IdentityHashMap<>();
        for (Map.Entry<String, Inode> member : members.entrySet()) {
            out.member(member.getKey(), member.getValue(), written);
        }
        out.end();
    }
}

/// One shape of layer stacks; `layer` is called once for each number from 0.
static sealed interface Stack {
    Layer layer(int number);

    static Stack of(Options options, Tree tree) {
        return switch (options.shape) {
            case "tree" -> new Grown(options, tree);
            case "wide", "links", "replace", "whiteouts" -> new Regular(options, tree);
            case "huge", "sparse" -> new Single(options, tree);
            default -> throw new IllegalArgumentException("unknown shape " + options.shape);
        };
    }

    private static Node put(Layer layer, Node parent, String name, Inode inode, int number) {
        Node node = new Node(parent, name, inode, number);
        parent.children.put(name, node);
        layer.members.put(node.path(), inode);
        return node;
    }

    /// One file as large as the whole image.
    record Single(Options options, Tree tree) implements Stack {
        @Override
        public Layer layer(int number) {
            Layer layer = new Layer();
            Inode.Fill fill = options.shape.equals("huge") ? Inode.Fill.HOLE : Inode.Fill.SPARSE;
            put(
                    layer,
                    tree.root,
                    "file" + number,
                    Inode.file(options.bytes / options.layers, fill),
                    number);
            return layer;
        }
    }

    /// Worst cases with a simple rule: `entries` names in every layer.
    record Regular(Options options, Tree tree) implements Stack {
        @Override
        public Layer layer(int number) {
            Layer layer = new Layer();
            boolean removing = options.shape.equals("whiteouts") && number % 2 == 1;
            int perDirectory = options.shape.equals("wide") ? Integer.MAX_VALUE : 1000;
            long size = options.bytes / options.entries / options.layers;
            Inode shared = Inode.file(options.bytes / options.layers, options.seed + number);
            Node directory = null;
            for (int i = 0; i < options.entries; i++) {
                if (i % perDirectory == 0) {
                    String name = "directory%04d".formatted(i / perDirectory);
                    Node old = tree.root.children.get(name);
                    directory =
                            old != null
                                    ? old
                                    : put(layer, tree.root, name, Inode.directory(), number);
                    layer.members.put(name, directory.inode);
                }
                String name = "entry%07d".formatted(i);
                if (removing) {
                    directory.children.remove(name);
                    layer.members.put(directory.path() + "/.wh." + name, Inode.whiteout());
                } else {
                    Inode inode =
                            options.shape.equals("links")
                                    ? shared
                                    : Inode.file(size, options.seed * 31 + number * 1_000_003L + i);
                    put(layer, directory, name, inode, number);
                }
            }
            return layer;
        }
    }

    /// A tree as builds of real images grow it: a large base, a few large and many small layers,
    /// each adding runs of entries to some directories, replacing and removing earlier files, and
    /// naming the parents of what it changes.
    final class Grown implements Stack {
        private static final double SPREAD = 2.0;
        private static final String[] SUFFIXES = {
            ".so", ".py", ".txt", ".h", "", ".json", ".class", ".md"
        };
        private static final String[] TOP = {"etc", "opt", "usr", "var", "home", "srv"};

        private final Options options;
        private final Tree tree;
        private final SplittableRandom random;
        private final double[] weights;
        private final double median;
        private final List<Node> directories = new ArrayList<>();
        private final List<Node> files = new ArrayList<>();
        private final List<Node> touched = new ArrayList<>();
        private Layer layer;
        private int number;
        private long names;

        Grown(Options options, Tree tree) {
            this.options = options;
            this.tree = tree;
            this.random = new SplittableRandom(options.seed);
            weights = new double[options.layers];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = i == 0 ? 0 : Math.exp(1.5 * random.nextGaussian());
            }
            double sum = Arrays.stream(weights).sum();
            weights[0] = sum == 0 ? 1 : sum / 4;
            for (int i = 0; i < weights.length; i++) {
                weights[i] /= sum == 0 ? 1 : sum * 1.25;
            }
            double files = 0.76 * options.entries;
            median = options.bytes / files / Math.exp(SPREAD * SPREAD / 2);
        }

        @Override
        public Layer layer(int number) {
            this.number = number;
            layer = new Layer();
            touched.clear();
            if (number == 0) {
                for (String name : TOP) {
                    directories.add(put(layer, tree.root, name, Inode.directory(), 0));
                }
                Node deep = directories.get(1);
                for (int i = 2; i < options.depth; i++) {
                    deep = put(layer, deep, "d" + i, Inode.directory(), 0);
                    directories.add(deep);
                }
            }
            int budget = (int) Math.max(1, Math.round(weights[number] * options.entries));
            while (layer.members.size() < budget) {
                double dice = random.nextDouble();
                if (number == 0 || dice < 0.55) {
                    addRun(budget);
                } else if (dice < 0.92) {
                    replaceRun();
                } else if (dice < 0.96) {
                    remove(largest(4));
                } else if (dice < 0.98) {
                    opaque();
                } else {
                    remove(pick(directories));
                }
            }
            return layer;
        }

        private void addRun(int budget) {
            Node directory =
                    random.nextInt(4) == 0 || touched.isEmpty() ? pick(directories) : pick(touched);
            touch(directory);
            int count = 4 + random.nextInt(36);
            Inode last = null;
            for (int i = 0; i < count && layer.members.size() < budget; i++) {
                double dice = random.nextDouble();
                if (dice < 0.09 && directory.depth() < options.depth) {
                    directories.add(put(layer, directory, name("", 0), Inode.directory(), number));
                } else if (dice < 0.17) {
                    put(
                            layer,
                            directory,
                            name(".lnk", 0),
                            Inode.symlink("../" + name(".so", 0)),
                            number);
                } else if (dice < 0.19 && last != null) {
                    put(layer, directory, name("", 0), last, number);
                } else {
                    last = file();
                    String suffix = SUFFIXES[random.nextInt(SUFFIXES.length)];
                    files.add(put(layer, directory, name(suffix, names), last, number));
                }
            }
        }

        private void replaceRun() {
            for (int i = 0; i < 4; i++) {
                Node node = largest(4);
                if (node != null) {
                    touch(node.parent);
                    node.inode = file();
                    node.layer = number;
                    layer.members.put(node.path(), node.inode);
                }
            }
        }

        private void remove(Node node) {
            if (node == null || node.layer == number || node.depth() < 2) {
                return;
            }
            if (node.children != null) {
                if (node.count() > 40) {
                    return;
                }
                node.clearLower(number);
            }
            touch(node.parent);
            node.alive = false;
            node.parent.children.remove(node.name);
            layer.members.put(node.parent.path() + "/.wh." + node.name, Inode.whiteout());
        }

        private void opaque() {
            Node node = pick(directories);
            if (node.depth() < 3 || node.count() > 60) {
                return;
            }
            touch(node);
            node.clearLower(number);
            layer.members.put(node.path() + "/.wh..wh..opq", Inode.whiteout());
            files.add(put(layer, node, name(".new", 1), file(), number));
        }

        private void touch(Node directory) {
            for (Node node = directory;
                    node != tree.root && node.layer != number;
                    node = node.parent) {
                node.layer = number;
                layer.members.put(node.path(), node.inode);
                touched.add(node);
            }
        }

        private Inode file() {
            double size = median * Math.exp(SPREAD * random.nextGaussian());
            return Inode.file((long) Math.min(size, options.bytes / 12.0), random.nextLong());
        }

        private Node largest(int tries) {
            Node best = null;
            for (int i = 0; i < tries; i++) {
                Node node = pick(files);
                if (node.layer < number && (best == null || node.inode.size > best.inode.size)) {
                    best = node;
                }
            }
            return best;
        }

        private Node pick(List<Node> nodes) {
            while (true) {
                int i = random.nextInt(nodes.size());
                Node node = nodes.get(i);
                if (node.alive || nodes.size() == 1) {
                    return node;
                }
                nodes.set(i, nodes.getLast());
                nodes.removeLast();
            }
        }

        private String name(String suffix, long salt) {
            return Filler.word(random.nextInt(), salt) + "-" + Long.toString(names++, 36) + suffix;
        }
    }
}

/// Bytes that deflate to about a third: text of skewed words, records with skewed fields, and a
/// tenth of noise.
static final class Filler {
    private static final int WORDS = 4096;
    private static final byte[][] DICTIONARY = dictionary();

    private long state;

    Filler(long seed) {
        state = seed;
    }

    private static byte[][] dictionary() {
        SplittableRandom random = new SplittableRandom(7);
        String[] parts = {
            "con", "ter", "lib", "in", "pre", "al", "ro", "mu", "ti", "sta", "ex", "or", "ne", "pa"
        };
        byte[][] words = new byte[WORDS][];
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int j = 0; j <= random.nextInt(4); j++) {
                word.append(parts[random.nextInt(parts.length)]);
            }
            word.append((char) ('a' + random.nextInt(26))).append(i % 16 == 0 ? ";\n" : " ");
            words[i] = word.toString().getBytes(StandardCharsets.US_ASCII);
        }
        return words;
    }

    static String word(int number, long salt) {
        String word =
                new String(DICTIONARY[(number & 0x7fffffff) % WORDS], StandardCharsets.US_ASCII);
        return salt < 0 ? word : word.replaceAll("[; \n]", "");
    }

    private long next() {
        long z = state += 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    void fill(byte[] into, int length, int kind) {
        if (kind < 5) {
            text(into, length);
        } else if (kind < 9) {
            records(into, length);
        } else {
            noise(into, length);
        }
    }

    private void text(byte[] into, int length) {
        int at = 0;
        while (at < length) {
            long bits = next();
            at = repeat(into, at, length, next());
            for (int i = 0; i < 3 && at < length; i++, bits >>>= 21) {
                byte[] word = DICTIONARY[(int) (bits & 0xfff) >> ((bits >>> 12 & 15) * 11 >> 4)];
                int count = Math.min(word.length, length - at);
                System.arraycopy(word, 0, into, at, count);
                at += count;
            }
        }
    }

    private void records(byte[] into, int length) {
        int at = 0;
        while (at < length) {
            long bits = next();
            at = repeat(into, at, length, bits >>> 28);
            long record =
                    (bits & 0x3f) >> (bits >>> 6 & 3)
                            | (bits >>> 8 & 0x0f) << 8
                            | (bits >>> 12 & 0xff) >> (bits >>> 20 & 7) << 16
                            | (bits >>> 24 & 1) * 0x48 << 24;
            for (int i = 0; i < 5 && at < length; i++) {
                into[at++] = (byte) (record >>> 8 * i);
            }
        }
    }

    /// Now and then, what stood here a little earlier.
    private static int repeat(byte[] into, int at, int length, long bits) {
        if ((bits & 7) > 1 || at < 4096) {
            return at;
        }
        int count = Math.min(16 + (int) (bits >>> 3 & 63), length - at);
        System.arraycopy(into, at - 100 - (int) (bits >>> 9 & 2047), into, at, count);
        return at + count;
    }

    private void noise(byte[] into, int length) {
        for (int at = 0; at < length; ) {
            long bits = next();
            for (int i = 0; i < 8 && at < length; i++) {
                into[at++] = (byte) (bits >>> 8 * i);
            }
        }
    }
}

/// A tar stream into a file, with its SHA-256.
static final class Tar implements Closeable {
    static final long OCTAL_LIMIT = 0x1ffffffffL;
    private static final int EXTENT = 65536;

    private final FileChannel file;
    private final boolean ownsFile;
    private final MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20);
    private final byte[] chunk = new byte[1 << 16];

    Tar(FileChannel file, boolean ownsFile, MessageDigest digest) {
        this.file = file;
        this.ownsFile = ownsFile;
        this.digest = digest;
    }

    static Tar create(Path path) throws IOException {
        return new Tar(open(path), true, sha256());
    }

    static FileChannel open(Path path) throws IOException {
        return FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    void member(String path, Inode inode, IdentityHashMap<Inode, String> written)
            throws IOException {
        String first = inode.type == '0' ? written.putIfAbsent(inode, path) : null;
        boolean link = first != null;
        String name = inode.type == '5' ? path + "/" : path;
        StringBuilder pax = new StringBuilder();
        if (name.length() > 100 && split(name) < 0) {
            pax.append(record("path", name));
        }
        String target = link ? first : inode.target;
        if (target.length() > 100) {
            pax.append(record("linkpath", target));
        }
        long size = link ? 0 : inode.size;
        boolean sparse = inode.fill == Inode.Fill.SPARSE;
        String map = "2\n0\n%d\n%d\n%d\n".formatted(EXTENT, inode.size - EXTENT, EXTENT);
        if (sparse) {
            size = 512 + 2 * EXTENT;
            pax.append(record("GNU.sparse.major", "1")).append(record("GNU.sparse.minor", "0"));
            pax.append(record("GNU.sparse.name", name))
                    .append(record("GNU.sparse.realsize", "" + inode.size));
        }
        if (size > OCTAL_LIMIT) {
            pax.append(record("size", "" + size));
        }
        if (!pax.isEmpty()) {
            write(header("PaxHeader", 'x', pax.length(), "", 0));
            write(pax.toString().getBytes(StandardCharsets.US_ASCII));
            pad(pax.length());
        }
        write(header(name, link ? '1' : inode.type, size, target, inode.seed));
        if (link) {
            return;
        }
        if (sparse) {
            write(Arrays.copyOf(map.getBytes(StandardCharsets.US_ASCII), 512));
            content(2 * EXTENT, inode.seed);
        } else if (inode.fill == Inode.Fill.HOLE) {
            hole(size);
        } else {
            content(size, inode.seed);
        }
    }

    /// Zeros that take no space on the disk.
    private void hole(long size) throws IOException {
        flush();
        byte[] zeros = new byte[1 << 20];
        for (long left = size; left > 0; left -= zeros.length) {
            digest.update(zeros, 0, (int) Math.min(left, zeros.length));
        }
        file.position(file.position() + size);
        pad(size);
    }

    private void content(long size, long seed) throws IOException {
        Filler filler = new Filler(seed);
        int kind = (int) Long.remainderUnsigned(seed >>> 7, 10);
        for (long left = size; left > 0; left -= chunk.length) {
            int length = (int) Math.min(left, chunk.length);
            filler.fill(chunk, length, kind);
            write(chunk, length);
        }
        pad(size);
    }

    void pad(long size) throws IOException {
        write(new byte[(int) (-size & 511)]);
    }

    void end() throws IOException {
        write(new byte[1024]);
        flush();
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    private void write(byte[] bytes, int length) throws IOException {
        digest.update(bytes, 0, length);
        if (length > buffer.remaining()) {
            flush();
        }
        buffer.put(bytes, 0, length);
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }

    @Override
    public void close() throws IOException {
        if (ownsFile) {
            file.close();
        }
    }

    static String record(String key, String value) {
        int rest = key.length() + value.length() + 3;
        int length = rest + 1;
        while (length != rest + Integer.toString(length).length()) {
            length = rest + Integer.toString(length).length();
        }
        return length + " " + key + "=" + value + "\n";
    }

    private static int split(String name) {
        int slash = name.lastIndexOf('/', Math.min(155, name.length() - 2));
        return slash > 0 && name.length() - slash - 1 <= 100 ? slash : -1;
    }

    static byte[] header(String name, char type, long size, String target, long seed) {
        byte[] header = new byte[512];
        int slash = name.length() > 100 ? split(name) : -1;
        put(header, 345, 155, slash > 0 ? name.substring(0, slash) : "");
        put(header, 0, 100, name.substring(slash + 1));
        boolean executable = type == '5' || (seed & 7) == 1;
        int mode = type == '2' ? 0777 : (seed & 1023) == 513 ? 04755 : executable ? 0755 : 0644;
        int owner = (seed >>> 10 & 63) == 5 ? 33 : 0;
        octal(header, 100, 8, mode);
        octal(header, 108, 8, owner);
        octal(header, 116, 8, owner);
        octal(header, 124, 12, size > OCTAL_LIMIT ? 0 : size);
        octal(header, 136, 12, 1_600_000_000L + (seed >>> 40));
        header[156] = (byte) type;
        put(header, 157, 100, target);
        put(header, 257, 8, "ustar\00000");
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        return header;
    }

    private static void put(byte[] header, int at, int width, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, Math.min(width, bytes.length));
    }

    private static void octal(byte[] header, int at, int width, long value) {
        put(header, at, width - 1, ("%0" + (width - 1) + "o").formatted(value));
        header[at + width - 1] = 0;
    }
}

/// A layer as it lies in `docker.tar`.
record StoredLayer(long offset, long size, String diffId) {}

static MessageDigest sha256() {
    try {
        return MessageDigest.getInstance("SHA-256");
    } catch (java.security.NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
    }
}

static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
}

static String hex(String text) {
    MessageDigest digest = sha256();
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return hex(digest);
}

static String config(List<StoredLayer> layers) {
    List<String> ids = layers.stream().map(l -> "\"sha256:" + l.diffId + "\"").toList();
    return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"Cmd\":[\"/bin/sh\"],\"Env\":[\"PATH=/bin\"]},"
               + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
            + String.join(",", ids)
            + "]}}";
}

/// The form that `skopeo copy … docker-archive:` and older `docker save` share: layers,
/// configuration, manifest last.
static final class DockerArchive implements Closeable {
    private final FileChannel file;

    DockerArchive(Path path) throws IOException {
        file = Tar.open(path);
    }

    /// Writes the layer, then its headers, whose name and size are known only now.
    StoredLayer add(Layer layer, boolean large) throws IOException {
        long start = file.position();
        long offset = start + (large ? 1536 : 512);
        file.position(offset);
        MessageDigest digest = sha256();
        layer.write(new Tar(file, false, digest));
        long end = file.position();
        long size = end - offset;
        String diffId = hex(digest);
        file.position(start);
        Tar headers = new Tar(file, false, sha256());
        if (large) {
            String pax = Tar.record("size", "" + size);
            headers.write(Tar.header("PaxHeader", 'x', pax.length(), "", 0));
            headers.write(Arrays.copyOf(pax.getBytes(StandardCharsets.US_ASCII), 512));
        }
        headers.write(Tar.header(diffId + ".tar", '0', size, "", 0));
        headers.flush();
        file.position(end);
        return new StoredLayer(offset, size, diffId);
    }

    void finish(List<StoredLayer> layers) throws IOException {
        String config = config(layers);
        List<String> names = layers.stream().map(l -> "\"" + l.diffId + ".tar\"").toList();
        String configName = hex(config) + ".json";
        Tar tar = new Tar(file, false, sha256());
        text(tar, configName, config);
        text(
                tar,
                "manifest.json",
                "[{\"Config\":\""
                        + configName
                        + "\",\"RepoTags\":[\"bench:latest\"],\"Layers\":["
                        + String.join(",", names)
                        + "]}]");
        tar.end();
    }

    private static void text(Tar tar, String name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        tar.write(Tar.header(name, '0', bytes.length, "", 0));
        tar.write(bytes);
        tar.pad(bytes.length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

/// An OCI layout made of the layers of a docker-archive, compressed on two threads.
static final class OciLayout {
    private final Path layout;
    private final Path blobs;
    private final Path list;
    private final String compression;

    OciLayout(Path directory, String compression) throws IOException {
        this.compression = compression;
        layout = directory.resolve("oci-" + compression);
        list = directory.resolve("oci-" + compression + ".blobs");
        blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    }

    void write(Path archive, List<StoredLayer> layers) throws Exception {
        List<Future<String>> descriptors = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (StoredLayer layer : layers) {
                descriptors.add(threads.submit(() -> compress(archive, layer)));
            }
        }
        List<String> stored = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        for (Future<String> descriptor : descriptors) {
            stored.add(descriptor.get());
            paths.add(
                    blobs.resolve(descriptor.get().replaceAll(".*sha256:([0-9a-f]+).*", "$1"))
                            .toString());
        }
        Files.write(list, paths.stream().distinct().toList());
        String config = config(layers);
        String manifest =
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", config, "")
                        + ",\"layers\":["
                        + String.join(",", stored)
                        + "]}";
        String index =
                "{\"schemaVersion\":2,\"manifests\":["
                        + descriptor(
                                "application/vnd.oci.image.manifest.v1+json",
                                manifest,
                                ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}")
                        + "]}";
        Files.writeString(layout.resolve("index.json"), index);
        Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    private String descriptor(String mediaType, String text, String more) throws IOException {
        Files.writeString(blobs.resolve(hex(text)), text);
        return "{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\",\"size\":%d%s}"
                .formatted(mediaType, hex(text), text.length(), more);
    }

    private String compress(Path archive, StoredLayer layer) throws Exception {
        Path partial = blobs.resolve(layer.diffId + ".partial");
        if (compression.equals("gzip")) {
            try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(partial), 65536)) {
                copy(archive, layer, out);
            }
        } else {
            Process zstd =
                    new ProcessBuilder("zstd", "-q", "-3", "-c")
                            .redirectOutput(partial.toFile())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (OutputStream out = zstd.getOutputStream()) {
                copy(archive, layer, out);
            }
            if (zstd.waitFor() != 0) {
                throw new IOException("zstd failed");
            }
        }
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(partial);
                OutputStream sink =
                        new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(sink);
        }
        String name = hex(digest);
        Files.move(partial, blobs.resolve(name), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        return "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+%s\",\"digest\":\"sha256:%s\",\"size\":%d}"
                .formatted(compression, name, Files.size(blobs.resolve(name)));
    }

    private static void copy(Path archive, StoredLayer layer, OutputStream out) throws IOException {
        try (FileChannel in = FileChannel.open(archive)) {
            in.position(layer.offset);
            InputStream stream = Channels.newInputStream(in);
            byte[] buffer = new byte[65536];
            for (long left = layer.size; left > 0; ) {
                int count = stream.read(buffer, 0, (int) Math.min(left, buffer.length));
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }
}
