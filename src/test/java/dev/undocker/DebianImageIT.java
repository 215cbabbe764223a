package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.testing.JsonSchemas;
import dev.undocker.testing.Listing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Stranger;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.Undocker;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// An image made from Debian packages by umoci and copied by skopeo: every form of it gives the
/// same bytes, and they extract to the tree that umoci unpacks.
class DebianImageIT {
    private static Path directory;

    /// Before the first test, and not before all: only a test shows why it was skipped.
    @BeforeEach
    void buildImage() throws IOException, InterruptedException {
        Requirements.root();
        Requirements.tools("umoci", "skopeo", "dpkg", "setcap", "setfattr", "getfattr", "tar");
        if (directory != null) {
            return;
        }
        directory = Files.createTempDirectory("undocker-debian");
        Path script = directory.resolve("debian-image.sh");
        try (InputStream in = DebianImageIT.class.getResourceAsStream("debian-image.sh")) {
            Files.copy(in, script);
        }
        run(Undocker.program(Path.of("/bin/sh"), script));
        run(Undocker.command("rootfs", "docker-archive:docker.tar", "rootfs.tar"));
    }

    @AfterAll
    static void removeImage() throws IOException, InterruptedException {
        if (directory != null) {
            // not a @TempDir, which warns of each symbolic link in the trees
            run(Undocker.program(Path.of("/bin/rm"), "-rf", directory));
        }
    }

    private static Undocker.Result run(Undocker program) throws IOException, InterruptedException {
        Undocker.Result result = program.in(directory).run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result;
    }

    @Test
    void everyFormGivesTheSameBytes() throws Exception {
        for (String image : new String[] {"oci:image", "oci:zstd", "oci-archive:oci.tar"}) {
            run(Undocker.command("rootfs", image, "other.tar"));
            assertThat(
                            Files.mismatch(
                                    directory.resolve("rootfs.tar"),
                                    directory.resolve("other.tar")))
                    .as(image)
                    .isEqualTo(-1);
        }
        Undocker.Result piped = run(Undocker.command("rootfs", "docker.tar", "-"));
        assertThat(piped.output()).isEqualTo(Files.readAllBytes(directory.resolve("rootfs.tar")));
    }

    @Test
    void aPathIsExplainedWithItsBuildSteps() throws Exception {
        assertThat(explained("usr/bin/yes", 1))
                .startsWith(
                        "usr/bin/yes is not in the image: layer 2 deletes it (whiteout"
                                + " usr/bin/.wh.yes) layer 1 ");
        assertThat(explained("bin/tail", 0))
                .startsWith(
                        "bin is a symbolic link to usr/bin (layer 1)"
                                + " bin/tail is in the image as usr/bin/tail: a regular file of ")
                .containsPattern("layer 1 sha256:[0-9a-f]{12} umoci repack adds a regular file")
                .contains("(layer 1) by a regular file", "mode 2755");
        assertThat(explained("srv/data/deep/old", 1))
                .contains(
                        "not in the image: layer 3 deletes the directory srv/data/deep (whiteout");
        assertThat(explained("etc", 0))
                .contains("changes the directory itself: xattr user.note gone, xattr user.other");
    }

    /// What is told, whatever the lines.
    private static String explained(String path, int exitCode) throws Exception {
        Undocker.Result result = Undocker.command("explain", "oci:image", path).in(directory).run();
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(exitCode);
        return result.text().replaceAll("\\s+", " ");
    }

    /// But for the times of directories, which umoci changes, and their sizes.
    @Test
    void lsListsWhatGnuLsListsInTheTree() throws Exception {
        String wanted =
                shell(
                        "cd expected/rootfs && find . -mindepth 1 -printf '%P\\0' | sort -z"
                                + " | xargs -0 ls -lnd --time-style=long-iso");

        String listed =
                new String(run(Undocker.command("ls", "-R", "oci:image")).output(), ISO_8859_1);

        // the root's own line comes first
        assertThat(comparable(listed.substring(listed.indexOf('\n') + 1)))
                .hasSizeGreaterThan(1000)
                .containsExactlyInAnyOrderElementsOf(comparable(wanted));
    }

    private static List<String> comparable(String listing) {
        return listing.lines()
                .map(line -> line.replaceFirst("^(\\S+) +(\\d+) +(\\d+) +(\\d+) +", "$1 $2 $3 $4 "))
                .map(line -> line.replaceFirst("^(c\\S+|b\\S+)( \\d+ \\d+ \\d+ \\d+,) +", "$1$2 "))
                .map(line ->
                        line.startsWith("d")
                                ? line.replaceFirst("^((?:\\S+ ){4})\\S+ \\S+ \\S+ ", "$1")
                                : line)
                .toList();
    }

    /// All files at once, in one order, whatever their names are.
    @Test
    void catPrintsWhatIsInTheFilesOfTheTree() throws Exception {
        String files = "(cd expected/rootfs && find . -type f -print0 | sort -z)";
        assertThat(
                        shell(
                                files
                                        + " | xargs -0 -s 1000000 '"
                                        + Undocker.launcher()
                                        + "' cat oci:image | sha256sum"))
                .isEqualTo(
                        shell(
                                files
                                        + " | (cd expected/rootfs && xargs -0 -s 1000000 cat)"
                                        + " | sha256sum"));
    }

    @Test
    void diffNamesWhatDiffersInTheTrees() throws Exception {
        Listing former = TreeListing.of(directory.resolve("former/rootfs"));
        Listing latest = TreeListing.of(directory.resolve("expected/rootfs"));
        Undocker.Result result =
                Undocker.command("diff", "--json", "oci:older", "oci:image").in(directory).run();
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);

        List<String> paths = new ArrayList<>();
        for (String line : result.text().lines().toList()) {
            JsonSchemas.check("diff.json", line);
            JsonNode difference = new ObjectMapper().readTree(line);
            paths.add(
                    difference.has("pathBase64")
                            ? RootfsPath.of(difference.at("/pathBase64").binaryValue()).toString()
                            : RootfsPath.of(difference.at("/path").asText()).toString());
        }
        assertThat(paths)
                .contains("opt/again", "srv/data/deep/new", "opt/not-utf8-\\xff", "etc")
                .containsExactlyInAnyOrderElementsOf(
                        former.differences(latest, false).stream()
                                .map(RootfsPath::toString)
                                .toList());
    }

    private static String shell(String script) throws IOException, InterruptedException {
        return new String(
                run(Undocker.program(Path.of("/bin/sh"), "-c", script)
                                .with("LC_ALL", "C")
                                .with("TZ", "UTC"))
                        .output(),
                ISO_8859_1);
    }

    @Test
    void noFormDiffers() throws Exception {
        for (String image : new String[] {"oci:image", "oci:zstd", "oci-archive:oci.tar"}) {
            Undocker.Result result = run(Undocker.command("diff", "--times", "docker.tar", image));
            assertThat(result.output()).as(image).isEmpty();
        }
    }

    @Test
    void treeIsTheOneThatUmociUnpacks() throws Exception {
        Path tree = Files.createDirectory(directory.resolve("tree"));
        run(
                Undocker.program(
                        Requirements.tool("tar"),
                        "-x",
                        "-p",
                        "--xattrs",
                        "--xattrs-include=*",
                        "--numeric-owner",
                        "-f",
                        "rootfs.tar",
                        "-C",
                        tree));
        String expected = TreeListing.of(directory.resolve("expected/rootfs")).toString();
        assertThat(withoutDirectoryTimes(TreeListing.of(tree).toString()))
                .isEqualTo(withoutDirectoryTimes(expected));
        // from gzip layers, which umoci reads too
        assertThat(run(Undocker.command("dir", "oci:image", "directory")).errors()).isEmpty();
        assertThat(TreeListing.of(directory.resolve("directory")))
                .as("dir against tar -x of the same image, directory times included")
                .hasToString(TreeListing.of(tree).toString());
        // what the image was made for
        assertThat(expected.lines().map(DebianImageIT::withoutTime))
                .contains(
                        "c dev/null 1:3 0666",
                        "b dev/loop7 7:7 0660",
                        "p run/initctl 0600",
                        "l opt/dangling -> ../../outside",
                        "f opt/first \"other\\x0a\"",
                        "f srv/data/deep/new \"new\\x0a\"",
                        "f opt/not-utf8-\\xff \"x\"")
                .anyMatch(line -> line.startsWith("f usr/bin/passwd ") && line.contains(" 4755"))
                .anyMatch(line ->
                        line.startsWith("f opt/second ")
                                && line.contains("security.capability=")
                                && line.endsWith(" = opt/again"))
                .noneMatch(line -> line.contains(".wh."));
    }

    @Test
    void anotherRunGivesTheSameBytesWithAnyNumberOfThreadsInAnyZone() throws Exception {
        run(
                Undocker.command("rootfs", "--threads", "1", "oci:image", "again.tar")
                        .with("TZ", "Asia/Kathmandu")
                        .with("LC_ALL", "C"));
        assertThat(Files.mismatch(directory.resolve("rootfs.tar"), directory.resolve("again.tar")))
                .isEqualTo(-1);
    }

    /// The packages are this machine's, so the numbers are; layer 3 holds none of theirs.
    @Test
    void inspectSaysOfEveryFormWhatIsInIt() throws Exception {
        String text = run(Undocker.command("inspect", "oci:image")).text();
        String layer = " %d SIZE SIZE SIZE %s\n sha256:HEX\n umoci repack\n";
        assertThat(
                        text.replaceAll("[0-9a-f]{64}", "HEX")
                                .replaceAll("Created  .*", "Created  TIME")
                                .replaceAll("[0-9.]+ [kMG]?B", "SIZE")
                                .replaceAll("(?m)( +[0-9]+){3}$", " COUNTS")
                                .replaceAll(" +[0-9]+ entries", " N entries")
                                .replaceAll(" +", " "))
                .isEqualTo(
                        """
                        Name latest
                        Digest sha256:HEX
                        Image ID sha256:HEX
                        Platform %s
                        Created TIME

                        Layers stored unpacked wasted added changed hidden
                        %s%s%s%s all SIZE SIZE SIZE N entries remain
                        """
                                .formatted(
                                        Platform.host(),
                                        layer.formatted(1, "COUNTS"),
                                        layer.formatted(2, "COUNTS"),
                                        layer.formatted(3, "COUNTS"),
                                        layer.formatted(4, "COUNTS")));
        long entries = 0;
        long bytes = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(Files.newInputStream(directory.resolve("rootfs.tar")))) {
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                entries++;
                bytes += entry.isFile() && !entry.isLink() ? entry.getSize() : 0;
            }
        }
        for (String image :
                new String[] {"docker.tar", "oci:image", "oci:zstd", "oci-archive:oci.tar"}) {
            String document = run(Undocker.command("inspect", "--json", image)).text();
            JsonSchemas.check("inspect.json", document);
            JsonNode report = new ObjectMapper().readTree(document);
            JsonNode totals = report.at("/totals");
            assertThat(totals.at("/entries").asLong() + 1).as(image).isEqualTo(entries);
            assertThat(totals.at("/contentBytes").asLong() - totals.at("/wastedBytes").asLong())
                    .as(image)
                    .isEqualTo(bytes);
            JsonNode third = report.at("/layers/2");
            assertThat(third.at("/added").asLong()).as(image).isEqualTo(1);
            assertThat(third.at("/changed").asLong()).as(image).isEqualTo(6);
            assertThat(third.at("/hidden").asLong()).as(image).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withoutRootAllButOwnersAndDevicesIsKept(boolean userNamespace) throws Exception {
        Path place = Files.createTempDirectory("undocker-stranger");
        try {
            Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxr-xr-x"));
            Stranger stranger = Stranger.in(place);
            if (userNamespace) {
                stranger = stranger.inUserNamespace();
            }
            Path image = directory.resolve("docker.tar");
            Undocker.Result result = stranger.command("dir", "-", "tree").reading(image).succeed();
            assertThat(result.errors())
                    .containsPattern("not kept: owners of \\d+ entries, 2 device nodes")
                    .hasLineCount(1);
            run(Undocker.command("dir", "--force", "docker.tar", "by-root"));
            assertThat(withoutOwners(TreeListing.of(stranger.home().resolve("tree"))))
                    .isEqualTo(withoutOwners(TreeListing.of(directory.resolve("by-root"))));
        } finally {
            run(Undocker.program(Path.of("/bin/rm"), "-rf", place));
        }
    }

    /// Nor what only root may make: devices and file capabilities.
    private static String withoutOwners(Listing tree) {
        return tree.toString()
                .lines()
                .filter(line -> !line.startsWith("c ") && !line.startsWith("b "))
                .map(line -> line.replaceFirst(" \\d+:\\d+ @", " @"))
                .map(line -> line.replaceFirst(" security\\.capability=\"[^\"]*\"", ""))
                .collect(Collectors.joining("\n"));
    }

    /// umoci changes a directory's time when it removes or adds a child in a later layer, which no
    /// entry says; the other types' times it keeps.
    private static String withoutDirectoryTimes(String listing) {
        return listing.lines()
                .map(line -> line.startsWith("d ") ? withoutTime(line) : line)
                .collect(Collectors.joining("\n"));
    }

    private static String withoutTime(String line) {
        return line.replaceFirst(" @-?\\d+(\\.\\d{9})?", "");
    }
}
