package dev.undocker.output.directory;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.convert.Conversion;
import dev.undocker.convert.ConversionOptions;
import dev.undocker.convert.Output;
import dev.undocker.convert.PathFilter;
import dev.undocker.image.Image;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.JavaCalls;
import dev.undocker.linux.LinuxCalls;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.source.Opener;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.LayerBuilder.SparseForm;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;

/// Images that broke other programs, each written as a tree beside files that must not change. The
/// hostile ones are contained or refused; what only looks hostile, and is in real images, comes out
/// whole. Each stands here under the incident that made it known.
///
/// Failing disks, signals and directories that are swapped meanwhile: [DirectorySinkContract].
class AttackTest {
    private static final long TIME = 1_000_000_000;

    private Path directory;
    private Path outside;
    private Path place;
    private final List<String> warnings = new ArrayList<>();

    /// @param image made for the path of the directory outside
    /// @param outcome the tree as [#tree] shows it, or what a refusal says after `refused:`
    private record Attack(String name, Function<String, FileSet> image, String outcome) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Attack attack(
            String name, String outcome, Function<String, List<LayerBuilder>> layers) {
        return new Attack(name, outside -> archive(layers.apply(outside)), outcome);
    }

    private static Attack attack(String name, String outcome, LayerBuilder... layers) {
        return attack(name, outcome, outside -> Arrays.asList(layers));
    }

    private static Attack onArchive(String name, String outcome, FileSet archive) {
        return new Attack(name, outside -> archive, outcome);
    }

    private static FileSet archive(List<LayerBuilder> layers) {
        return image(layers).docker(Dialect.SKOPEO);
    }

    private static ImageBuilder image(List<LayerBuilder> layers) {
        return ImageBuilder.image(
                layers.stream().map(LayerBuilder::toBytes).toArray(byte[][]::new));
    }

    private static Stream<Attack> attacks() {
        return Stream.of(ofLinks(), ofNames(), ofForms(), ofArchives(), lookAlikes())
                .flatMap(List::stream);
    }

    private static List<Attack> ofLinks() {
        return List.of(
                attack(
                        "1: a file below a link of the same layer (undock 460)",
                        "d outside|f outside/canary evil|f outside/x evil|l pwn -> ../../outside",
                        layer().symlink("pwn", "../../outside")
                                .file("pwn/x", "evil")
                                .file("pwn/canary", "evil")),
                attack(
                        "1: the same with an absolute link",
                        "… f OUT/canary evil|l pwn -> /OUT",
                        outside ->
                                List.of(
                                        layer().symlink("pwn", outside)
                                                .file("pwn/canary", "evil"))),
                attack(
                        "2: a file below a link of a lower layer (CVE-2025-45582)",
                        "d pwn|f pwn/canary evil",
                        outside ->
                                List.of(
                                        layer().symlink("pwn", outside),
                                        layer().file("pwn/canary", "evil"))),
                attack(
                        "3: the root is a link (CVE-2021-29136)",
                        "refused: root",
                        outside -> List.of(layer().symlink(".", outside).file("canary", "evil"))),
                attack(
                        "3: the root is a link, spelled /",
                        "refused: root",
                        outside -> List.of(layer().symlink("/", outside))),
                attack(
                        "4: links that lead out together, each harmless (CVE-2026-17106)",
                        "d a|l a/up -> ..|l b -> a/up/../../outside|d outside|f outside/canary"
                                + " evil",
                        layer().dir("a")
                                .symlink("a/up", "..")
                                .symlink("b", "a/up/../../outside")
                                .file("b/canary", "evil")),
                attack(
                        "5: a directory where a lower layer has a link: no chmod through it"
                                + " (CVE-2021-32760)",
                        "d l 777",
                        outside ->
                                List.of(
                                        layer().symlink("l", outside),
                                        layer().dir("l").mode(0777).owner(1, 1).mtime(5))),
                attack(
                        "6: the same in one layer, spelled l/. (CVE-2026-33056)",
                        "d l 777",
                        outside ->
                                List.of(
                                        layer().symlink("l", outside)
                                                .dir("l/.")
                                                .mode(0777)
                                                .owner(1, 1))),
                attack(
                        "7: a directory becomes a link before its attributes are set"
                                + " (CVE-2021-31566)",
                        "l d -> /OUT",
                        outside ->
                                List.of(
                                        layer().dir("d").mode(0777).mtime(5).symlink("d", outside),
                                        layer().dir("d").mode(0777).mtime(6),
                                        layer().symlink("d", outside))),
                attack(
                        "8: an attribute and an ACL of a link (CVE-2021-23177)",
                        "l l -> /OUT",
                        outside ->
                                List.of(
                                        layer().symlink("l", outside)
                                                .xattr("user.evil", "x")
                                                .xattr(
                                                        "system.posix_acl_access",
                                                        "\2\0\0\0\1\0\7\0\u00ff\u00ff\u00ff\u00ff"))),
                attack(
                        "9: a directory that was checked becomes a link (libarchive 745)",
                        "d a|l a/b -> /|f canary evil",
                        layer().file("a/b/x", "").symlink("a/b", "/").file("a/b/canary", "evil")),
                attack(
                        "10: a hard link to a name outside (libarchive 746)",
                        "refused: ..",
                        layer().hardLink("h", "../../outside/canary")),
                attack(
                        "10: a hard link to a host file by its path",
                        "refused: h",
                        outside -> List.of(layer().hardLink("h", outside + "/canary"))),
                attack(
                        "10: a hard link to a link, with a mode, then a file of its name",
                        "f h evil|l l -> /OUT/canary",
                        outside ->
                                List.of(
                                        layer().symlink("l", outside + "/canary")
                                                .hardLink("h", "l")
                                                .mode(0777),
                                        layer().file("h", "evil"))),
                attack(
                        "11: a later link redirects a hard link's target (malt 852)",
                        "l d -> /OUT|f h good",
                        outside ->
                                List.of(
                                        layer().file("d/canary", "good").hardLink("h", "d/canary"),
                                        layer().symlink("d", outside))),
                attack(
                        "12: a whiteout below a link of a lower layer",
                        "l l -> /OUT",
                        outside ->
                                List.of(
                                        layer().symlink("l", outside),
                                        layer().whiteout("l/canary"))),
                attack(
                        "12: a whiteout and an opaque marker below a link of the same layer",
                        "l l -> /OUT",
                        outside ->
                                List.of(
                                        layer().file("f", ""),
                                        layer().symlink("l", outside)
                                                .whiteout("l/canary")
                                                .opaque("l")
                                                .whiteout("f"))),
                attack(
                        "28: a hard link's target is hidden, another one changed"
                                + " (go-containerregistry 977)",
                        "f b one = f c|f d new|f e two",
                        layer().file("a", "one")
                                .hardLink("b", "a")
                                .hardLink("c", "a")
                                .file("d", "two")
                                .hardLink("e", "d"),
                        layer().whiteout("a").file("d", "new")));
    }

    private static List<Attack> ofNames() {
        return List.of(
                attack(
                        "13: a whiteout of nothing (image-spec 1301)",
                        "refused: .wh.",
                        layer().file("f", ""),
                        layer().file(".wh.", "")),
                attack(
                        "13: a whiteout of the parent",
                        "refused: .wh...",
                        layer().file("d/f", ""),
                        layer().file("d/.wh...", "")),
                attack("13: a whiteout of the root", "refused: .wh..", layer().file(".wh..", "")),
                attack("14: a name outside", "refused: ..", layer().file("../canary", "evil")),
                attack(
                        "14: a name outside, further in",
                        "refused: ..",
                        layer().file("a/../../../outside/canary", "evil")),
                attack(
                        "14: an absolute name",
                        "… f OUT/canary evil",
                        outside -> List.of(layer().file(outside + "/canary", "evil"))),
                attack(
                        "14: backslashes",
                        "f ..\\..\\outside\\canary evil",
                        layer().file("..\\..\\outside\\canary", "evil")),
                attack(
                        "duplicates: the last one wins, whatever it is (image-spec 196)",
                        "f f last|f l good|d x",
                        outside ->
                                List.of(
                                        layer().file("f", "first")
                                                .symlink("l", outside + "/canary")
                                                .file("l", "good")
                                                .file("f", "last")
                                                .symlink("x", outside)
                                                .dir("x"))),
                attack(
                        "an opaque marker after its siblings (umoci 224)",
                        "d d|f d/new x",
                        layer().file("d/old", ""),
                        layer().file("d/new", "x").opaque("d")),
                attack(
                        "control characters: not on the terminal (jline3 2200)",
                        "refused: \\x1b",
                        layer().hardLink("\033]0;evil\007", "nothing")));
    }

    private static List<Attack> ofForms() {
        String smuggled =
                new String(layer().symlink("smuggled", "/").endBlocks(0).toBytes(), ISO_8859_1);
        return List.of(
                attack(
                        "22: a size in the PAX header hides members (CVE-2025-62518)",
                        "f after x|f outer 512 bytes",
                        layer().file("outer", smuggled)
                                .size(0)
                                .pax("size", "512")
                                .file("after", "x")),
                attack(
                        "22: a PAX size that shows them to others",
                        "refused: ",
                        layer().file("outer", smuggled).size(512).pax("size", "100000")),
                attack(
                        "23: a giant PAX header (CVE-2022-2879)",
                        "refused: ",
                        layer().rawPax("").size(1L << 32).file("f", "")),
                attack(
                        "23: a giant sparse map (CVE-2025-58183)",
                        "refused: ",
                        layer().file("f", "99999999999\n")
                                .pax("GNU.sparse.major", "1")
                                .pax("GNU.sparse.minor", "0")
                                .pax("GNU.sparse.name", "f")
                                .pax("GNU.sparse.realsize", "1")),
                attack(
                        "24: a time in scientific notation (CVE-2023-42503)",
                        "refused: mtime",
                        layer().file("f", "").pax("mtime", "9e9999999")),
                attack(
                        "24: a time of 300,000 digits",
                        "refused: ",
                        layer().file("f", "").pax("mtime", "9".repeat(300_000))),
                attack(
                        "26: a file that claims more than its layer has",
                        "refused: ",
                        layer().file("f", "x").size(1L << 40)));
    }

    private static List<Attack> ofArchives() {
        ImageBuilder one = image(List.of(layer().file("f", "x")));
        String layerName =
                one.docker(Dialect.SKOPEO).names().stream()
                        .filter(name -> name.endsWith(".tar"))
                        .findFirst()
                        .orElseThrow();
        byte[] zipped = ImageBuilder.gzip(one.layers().getFirst());
        return List.of(
                onArchive(
                        "19: a layer of the host (jib 4522)",
                        "refused: leads out of the archive",
                        one.docker(Dialect.SKOPEO)
                                .edit(
                                        "manifest.json",
                                        text -> text.replace(layerName, "../../etc/shadow"))),
                onArchive(
                        "19: a layer of the host by its path",
                        "refused: etc/shadow",
                        one.docker(Dialect.SKOPEO)
                                .edit(
                                        "manifest.json",
                                        text -> text.replace(layerName, "/etc/shadow"))),
                onArchive(
                        "20: a layer that is a link to the host (containerd 12890)",
                        "refused: a link",
                        one.docker(Dialect.SKOPEO)
                                .remove(layerName)
                                .symlink(layerName, "/etc/passwd")),
                onArchive(
                        "20: a layer that is a link to another one is whole",
                        "f f x",
                        image(List.of(layer().file("f", "x"), layer().file("f", "x")))
                                .docker(Dialect.SAVE)),
                attack(
                        "21: the image's passwd and group are not for reading (CVE-2024-9676)",
                        "d etc|p etc/group|l etc/passwd -> /OUT/canary",
                        outside ->
                                List.of(
                                        layer().symlink("etc/passwd", outside + "/canary")
                                                .fifo("etc/group"))),
                onArchive(
                        "25: a manifest of unlimited size (CVE-2023-25153)",
                        "refused: more than",
                        one.docker(Dialect.SKOPEO)
                                .edit("manifest.json", text -> text + " ".repeat(5 << 20))),
                onArchive(
                        "25: a manifest that is an index too (CVE-2021-41190)",
                        "refused: ",
                        bothManifestAndIndex()),
                onArchive(
                        "27: bytes after a gzip stream (umoci 358)",
                        "refused: ",
                        one.docker(Dialect.SKOPEO)
                                .remove(layerName)
                                .file(layerName, concat(zipped, "trailing".getBytes(ISO_8859_1)))),
                onArchive(
                        "27: a gzip stream that ends early",
                        "refused: ",
                        one.docker(Dialect.SKOPEO)
                                .remove(layerName)
                                .file(layerName, Arrays.copyOf(zipped, zipped.length - 4))),
                onArchive(
                        "27: several gzip members are one layer",
                        "f f x",
                        one.docker(Dialect.SKOPEO)
                                .remove(layerName)
                                .file(layerName, inTwoMembers(one.layers().getFirst()))),
                onArchive(
                        "an index.json that ends early (oras-go 1301)",
                        "refused: index.json",
                        one.oci().edit("index.json", text -> text.substring(0, 30))));
    }

    private static List<Attack> lookAlikes() {
        return List.of(
                attack(
                        "15: absolute links stay as they are (go-containerregistry 2238)",
                        "d bin|f bin/busybox x|l bin/ls -> ../../../usr/bin/ls|l bin/sh ->"
                            + " /bin/busybox|l etc -> /usr/etc|d usr|d usr/etc|f usr/etc/motd hi",
                        layer().file("bin/busybox", "x")
                                .symlink("bin/sh", "/bin/busybox")
                                .symlink("bin/ls", "../../../usr/bin/ls")
                                .dir("usr/etc")
                                .symlink("etc", "/usr/etc")
                                .file("etc/motd", "hi")),
                attack(
                        "16: members that begin with ./ (go-containerregistry 2399)",
                        "d home|d home/nonroot 700|f home/nonroot/f x = f home/nonroot/h",
                        layer().dir("./")
                                .dir("./home/")
                                .dir("./home/nonroot/")
                                .mode(0700)
                                .file("./home/nonroot/f", "x")
                                .hardLink("./home/nonroot/h", "./home/nonroot/f")),
                attack(
                        "17: absolute targets of hard links (go-archive 100)",
                        "d usr|d usr/bin|f usr/bin/perl x = f usr/bin/perl5",
                        layer().file("/usr/bin/perl", "x")
                                .hardLink("/usr/bin/perl5", "/usr/bin/perl")),
                attack(
                        "18: /var/run is a link to /run (podman 29805)",
                        "d run|f run/utmp x|d var|l var/run -> /run",
                        layer().dir("run/")
                                .dir("var/")
                                .symlink("var/run", "/run")
                                .file("var/run/utmp", "x")),
                attack(
                        "a directory that nobody may write to has content of two layers",
                        "d ro 555|f ro/a x|f ro/b y",
                        layer().dir("ro").mode(0555).file("ro/a", "x"),
                        layer().file("ro/b", "y")),
                attack(
                        "a sparse file is whole",
                        "f s 100000 bytes",
                        layer().sparse(
                                        SparseForm.PAX_1_0,
                                        "s",
                                        100_000,
                                        new LayerBuilder.Piece(50_000, "data"))));
    }

    private static FileSet bothManifestAndIndex() {
        FileSet files = new FileSet();
        ImageBuilder image = image(List.of(layer().file("f", "x")));
        image.addManifest(files, false);
        String manifest = files.names().getLast();
        byte[] both =
                new String(files.content(manifest), ISO_8859_1)
                        .replaceFirst("\\{", "{\"manifests\":[],")
                        .getBytes(ISO_8859_1);
        return ImageBuilder.layout(
                files,
                List.of(
                        ImageBuilder.addBlob(
                                files, "application/vnd.oci.image.manifest.v1+json", both)));
    }

    private static byte[] inTwoMembers(byte[] bytes) {
        return concat(
                ImageBuilder.gzip(Arrays.copyOf(bytes, 700)),
                ImageBuilder.gzip(Arrays.copyOfRange(bytes, 700, bytes.length)));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    static Stream<Arguments> attacksOnBothTwins() {
        List<FileSystemCalls> twins = new ArrayList<>(List.of(new JavaCalls()));
        if (LinuxCalls.available()) {
            twins.add(new LinuxCalls());
        }
        return attacks()
                .flatMap(attack ->
                        twins.stream()
                                .map(twin ->
                                        Arguments.of(
                                                attack, twin.getClass().getSimpleName(), twin)));
    }

    static Stream<Attack> allAttacks() {
        return attacks();
    }

    @BeforeEach
    void makeCanaries() throws IOException {
        // not a @TempDir, which warns of each symbolic link in the trees
        directory = Files.createTempDirectory("undocker-attack").toRealPath();
        place = Files.createDirectory(directory.resolve("place"));
        outside = Files.createDirectory(directory.resolve("outside"));
        Files.writeString(outside.resolve("canary"), "canary");
        Files.writeString(place.resolve("canary"), "canary");
        for (Path path : List.of(outside.resolve("canary"), place.resolve("canary"), outside)) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.ofEpochSecond(TIME)));
        }
    }

    @AfterEach
    void remove() throws IOException {
        DirectorySinkContract.run(Path.of("/"), "rm", "-rf", directory.toString());
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("attacksOnBothTwins")
    void isContained(Attack attack, String twinName, FileSystemCalls twin) throws Exception {
        Requirements.tools("find", "stat", "getfattr");
        String before = TreeListing.of(outside).toString();
        String out = outside.toString();
        FileSet image = attack.image().apply(out);

        if (attack.outcome().startsWith("refused: ")) {
            UndockerException refusal =
                    catchThrowableOfType(UndockerException.class, () -> convert(image, twin));
            assertThat(refusal).as("refusal").isNotNull();
            assertThat(refusal.sentence())
                    .contains(attack.outcome().substring("refused: ".length()))
                    .matches("[^\\p{Cntrl}]+");
            assertThat(names()).containsExactly("canary");
        } else {
            convert(image, twin);
            String expected = attack.outcome().replace("OUT", out.substring(1));
            if (twin instanceof JavaCalls) {
                // it says that it cannot make them
                expected = expected.replaceAll("\\|p [^|]*", "");
            }
            String[] lines = expected.replace("… ", "").split("\\|");
            if (expected.startsWith("… ")) {
                assertThat(tree()).contains(lines);
            } else {
                assertThat(tree()).containsExactly(lines);
            }
            assertThat(names()).containsExactly("canary", "tree");
        }

        assertThat(TreeListing.of(outside)).hasToString(before);
        assertThat(place.resolve("canary")).hasContent("canary");
        assertThat(Files.getLastModifiedTime(place.resolve("canary")).toInstant())
                .hasToString("2001-09-09T01:46:40Z");
        assertThat(warnings).allMatch(warning -> warning.matches("[^\\p{Cntrl}]+"));
    }

    /// A tar of it is harmless to who extracts it, and means the same.
    @ParameterizedTest
    @MethodSource("allAttacks")
    void isContainedInATar(Attack attack) throws Exception {
        Requirements.tools("tar", "find", "stat", "getfattr");
        String before = TreeListing.of(outside).toString();
        String out = outside.toString();
        FileSet image = attack.image().apply(out);
        Path tar = directory.resolve("out.tar");

        if (attack.outcome().startsWith("refused: ")) {
            UndockerException refusal =
                    catchThrowableOfType(
                            UndockerException.class,
                            () -> convert(image, new RootfsWriter().newSettings(), tar));
            assertThat(refusal).as("refusal").isNotNull();
            assertThat(refusal.sentence())
                    .contains(attack.outcome().substring("refused: ".length()));
            assertThat(tar).doesNotExist();
        } else {
            convert(image, new RootfsWriter().newSettings(), tar);
            Path tree = Files.createDirectory(place.resolve("tree"));
            DirectorySinkContract.run(tree, "tar", "-xpf", tar.toString(), "--absolute-names");
            String expected = attack.outcome().replace("OUT", out.substring(1));
            String[] lines = expected.replace("… ", "").split("\\|");
            if (expected.startsWith("… ")) {
                assertThat(tree()).contains(lines);
            } else {
                assertThat(tree()).containsExactly(lines);
            }
        }

        assertThat(TreeListing.of(outside)).hasToString(before);
        assertThat(place.resolve("canary")).hasContent("canary");
    }

    /// A set-id program of the image is no gift to the other users of this machine.
    @Test
    void nobodyElseReachesTheTreeBeforeItIsComplete() throws Exception {
        List<String> modes = new ArrayList<>();
        OutputWriter.Settings settings =
                settings(
                        new JavaCalls(),
                        () -> {
                            for (String name : names()) {
                                if (name.startsWith(".tree")) {
                                    modes.add(mode(place.resolve(name)));
                                }
                            }
                        });
        convert(archive(List.of(layer().file("su", "x").mode(04755))), settings);
        assertThat(modes).isNotEmpty().containsOnly("700");
        assertThat(mode(place.resolve("tree/su"))).isEqualTo("4755");
    }

    private void convert(FileSet image, FileSystemCalls twin) throws IOException {
        convert(image, settings(twin, () -> {}));
    }

    private void convert(FileSet files, OutputWriter.Settings settings) throws IOException {
        convert(files, settings, place.resolve("tree"));
    }

    private void convert(FileSet files, OutputWriter.Settings settings, Path destination)
            throws IOException {
        ConversionOptions options =
                new ConversionOptions(
                        new TemporaryFiles(directory),
                        true,
                        false,
                        2,
                        new PathFilter(List.of(), List.of()),
                        OptionalLong.empty());
        Output output = new Output(settings, destination.toString());
        try (Image image = Opener.in(directory).open(files);
                Conversion conversion =
                        new Conversion(image, options, List.of(output), warnings::add)) {
            conversion.run();
        }
    }

    private interface Look {
        void look() throws IOException;
    }

    /// @param afterOpening what to do once the sink stands
    private static OutputWriter.Settings settings(FileSystemCalls twin, Look afterOpening) {
        return new OutputWriter.Settings() {
            @Override
            public void declare(Options options) {}

            @Override
            public void validate(String destination) {}

            @Override
            public RootfsSink open(OutputRequest request) {
                RootfsSink sink =
                        DirectorySink.open(
                                request.destination(), new TreeSettings(), request, twin);
                try {
                    afterOpening.look();
                } catch (IOException e) {
                    throw UndockerException.because("look", e);
                }
                return sink;
            }
        };
    }

    private List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(place)) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String mode(Path path) throws IOException {
        int mode = (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return Integer.toOctalString(mode & 07777);
    }

    /// All that is in the tree, by path: `d PATH MODE`, `f PATH CONTENT`, `l PATH -> TARGET`, `p
    /// PATH`; the usual modes are not shown, and further names of a file only with its first.
    private List<String> tree() throws IOException {
        Path tree = place.resolve("tree");
        List<String> lines = new ArrayList<>();
        List<Object> inodes = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(tree)) {
            for (Path path : walk.skip(1).sorted().toList()) {
                Object inode = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
                int known = inodes.indexOf(inode);
                if (known >= 0) {
                    lines.set(known, lines.get(known) + " = f " + tree.relativize(path));
                } else {
                    inodes.add(inode);
                    lines.add(line(path, tree.relativize(path).toString()));
                }
            }
        }
        return lines;
    }

    private static String line(Path path, String name) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return "l %s -> %s".formatted(name, Files.readSymbolicLink(path));
        }
        String mode = mode(path);
        if (Files.isDirectory(path)) {
            return "d " + name + (mode.equals("755") ? "" : " " + mode);
        }
        if (!Files.isRegularFile(path)) {
            return "p " + name;
        }
        String content = Files.readString(path, ISO_8859_1);
        return "f "
                + name
                + (mode.equals("644") ? "" : " " + mode)
                + (content.isEmpty() ? "" : " ")
                + (content.length() < 100 ? content : content.length() + " bytes");
    }
}
