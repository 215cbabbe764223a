package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.ImageBuilder.multiPlatform;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.Digest;
import dev.undocker.image.Platform;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.Listing;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Images as other programs really wrote them, odd but right: each was once refused or read
/// wrongly, by this program or another. All the way through the command line.
class OddImagesTest {
    private static final List<OutputWriter> WRITERS =
            List.of(new RootfsWriter(), new DirectoryWriter(), new BundleWriter());

    private static final byte[] BASE =
            layer().dir("usr/")
                    .dir("bin/")
                    .file("bin/echo", "program")
                    .mode(0755)
                    .dir("etc/")
                    .file("etc/passwd", "root:x:0:0::/root:/bin/sh\nweb:x:101:102::/:/bin/sh\n")
                    .file("etc/group", "root:x:0:\nweb:x:102:\n")
                    .toBytes();

    @TempDir private Path directory;

    private String run(Object... arguments) {
        Undocker.Result result = CommandLineRun.with(WRITERS, arguments);
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result.errors();
    }

    private static String refusal(Object... arguments) {
        Undocker.Result result = CommandLineRun.with(WRITERS, arguments);
        assertThat(result.exitCode()).as(result.errors()).isEqualTo(1);
        return result.errors();
    }

    private Path archive(FileSet files) throws IOException {
        return files.tar(directory.resolve("image.tar"));
    }

    /// Layers whose flattening is known.
    static Stream<Arguments> layers() {
        return Stream.of(
                argumentSet(
                        "a directory of old tar with a size (libarchive's"
                                + " test_compat_tar_directory_1)",
                        layer().dir("one/")
                                .v7()
                                .typeflag('\0')
                                .size(1)
                                .dir("two/")
                                .v7()
                                .typeflag('\0')
                                .file("f", "x")
                                .v7()
                                .typeflag('\0')
                                .toBytes(),
                        "d /\nf f \"x\"\nd one\nd two\n"),
                argumentSet(
                        "leading zeros of a PAX record (tar-split's pax-pos-size-file)",
                        layer().file("foo", "x".repeat(50))
                                .pax("size", "000000000000000000000050")
                                .toBytes(),
                        "d /\nf foo \"%s\"\n".formatted("x".repeat(50))),
                argumentSet(
                        "mode 000 (tar-split's trailing-slash)",
                        layer().dir("d0/")
                                .mode(0)
                                .file("d0/f", "x")
                                .dir("d1/")
                                .mode(0111)
                                .file("f0", "x")
                                .mode(0)
                                .toBytes(),
                        "d /\nd d0 0000\nf d0/f \"x\"\nd d1 0111\nf f0 \"x\" 0000\n"));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void flattened(byte[] layer, String listing) throws Exception {
        Path image = archive(image(layer).docker(Dialect.SAVE));
        Path tar = directory.resolve("out.tar");
        assertThat(run("rootfs", image, tar)).isEmpty();
        assertThat(Listing.ofTar(Files.readAllBytes(tar))).hasToString(listing);
        Requirements.root();
        Path tree = directory.resolve("tree");
        assertThat(run("dir", image, tree)).isEmpty();
        assertThat(TreeListing.of(tree)).hasToString(listing);
    }

    private static ImageBuilder echo() {
        return image(BASE)
                .config("Cmd", List.of("/bin/echo", "OK"))
                .config("Env", List.of("A=b"))
                .config("User", "web");
    }

    /// Documents that mean the same as those of [#echo()].
    static Stream<Arguments> documents() {
        FileSet saved = echo().docker(Dialect.SKOPEO);
        byte[] config = echo().configJson();
        String name = Digest.sha256(config).hex() + ".json";
        return Stream.of(
                argumentSet("as usual", saved),
                argumentSet(
                        "manifest.json as jib wrote it until 2.3",
                        echo().docker(Dialect.SKOPEO)
                                .edit(
                                        "manifest.json",
                                        json ->
                                                json.replace("\"Config\"", "\"config\"")
                                                        .replace("\"RepoTags\"", "\"repoTags\"")
                                                        .replace("\"Layers\"", "\"layers\""))),
                argumentSet(
                        "rootfS (microsoft/containerregistry#59)",
                        edited(name, json -> json.replace("\"rootfs\"", "\"rootfS\""))),
                argumentSet(
                        "small keys in the config",
                        edited(
                                name,
                                json ->
                                        json.replace("\"Cmd\"", "\"cmd\"")
                                                .replace("\"Env\"", "\"env\"")
                                                .replace("\"User\"", "\"user\""))),
                argumentSet(
                        "an entrypoint of one empty word",
                        edited(
                                name,
                                json -> json.replace("\"Cmd\"", "\"Entrypoint\":[\"\"],\"Cmd\""))),
                argumentSet(
                        "a config whose name is another digest",
                        renamed(name, "0".repeat(64) + ".json")));
    }

    /// The config is changed and not its name: none of these formats says that it is a digest.
    private static FileSet edited(String name, UnaryOperator<String> change) {
        FileSet files = echo().docker(Dialect.SKOPEO);
        String before = new String(files.content(name), UTF_8);
        assertThat(change.apply(before)).isNotEqualTo(before);
        return files.edit(name, change);
    }

    private static FileSet renamed(String from, String to) {
        FileSet files = echo().docker(Dialect.SKOPEO);
        byte[] config = files.content(from);
        return files.remove(from)
                .file(to, config)
                .edit("manifest.json", json -> json.replace(from, to));
    }

    @ParameterizedTest
    @MethodSource("documents")
    void readAsEveryToolInGoReadsThem(FileSet files) throws IOException {
        run("bundle", archive(files), directory.resolve("bundle"));
        assertThat(directory.resolve("bundle/config.json"))
                .content()
                .containsPattern("\"args\"\\s*:\\s*\\[\\s*\"/bin/echo\",\\s*\"OK\"\\s*]")
                .contains("A=b")
                .containsPattern("\"uid\"\\s*:\\s*101")
                .containsPattern("\"gid\"\\s*:\\s*102");
    }

    @ParameterizedTest
    @MethodSource("systems")
    void anotherSystemIsSaid(String system) throws IOException {
        Path image = archive(echo().platform(system + "/amd64").docker(Dialect.SKOPEO));
        assertThat(refusal("bundle", image, directory.resolve("bundle")))
                .contains(
                        "undocker: an image for %s/amd64: Linux cannot run".formatted(system),
                        "hint: undocker rootfs and undocker dir write its files");
        run("rootfs", image, directory.resolve("out.tar"));
        assertThat(
                        refusal(
                                "rootfs",
                                "--platform",
                                "linux/amd64",
                                image,
                                directory.resolve("no.tar")))
                .contains(system);
    }

    static Stream<String> systems() {
        return Stream.of("windows", "freebsd");
    }

    /// As docker saves an image that was pulled for another platform (docker/cli#5476).
    @Test
    void onlyAnotherPlatformIsThere() throws IOException {
        String host = Platform.host().toString();
        byte[] here = layer().file("here", "").toBytes();
        byte[] there = layer().file("there", "").toBytes();
        ImageBuilder missing = image(here).platform(host);
        FileSet files = multiPlatform(false, missing, image(there).platform("linux/mips"));
        for (String name : missing.oci().names()) {
            if (name.startsWith("blobs/") && files.names().contains(name)) {
                files.remove(name);
            }
        }
        Path tar = directory.resolve("out.tar");
        assertThat(run("rootfs", archive(files), tar)).contains("linux/mips, which is taken");
        assertThat(Listing.ofTar(Files.readAllBytes(tar))).hasToString("d /\nf there \"\"\n");
    }

    /// skopeo's `dir:`.
    @Test
    void aManifestWithoutALayoutIsReadToo() throws IOException {
        byte[] config = image(BASE).configJson();
        FileSet files =
                new FileSet()
                        .file("version", "Directory Transport Version: 1.1\n")
                        .file(Digest.sha256(config).hex(), config)
                        .file(Digest.sha256(BASE).hex(), BASE)
                        .file(
                                "manifest.json",
                                """
                                {"schemaVersion": 2,
                                 "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                                 "config": {"mediaType":
                                     "application/vnd.docker.container.image.v1+json",
                                   "digest": "%s", "size": %d},
                                 "layers": [{"mediaType":
                                     "application/vnd.docker.image.rootfs.diff.tar",
                                   "digest": "%s", "size": %d}]}
                                """
                                        .formatted(
                                                Digest.sha256(config),
                                                config.length,
                                                Digest.sha256(BASE),
                                                BASE.length));
        Path image = files.directory(Files.createDirectory(directory.resolve("image")));
        Path tar = directory.resolve("out.tar");
        assertThat(run("rootfs", image, tar)).isEmpty();
        assertThat(Listing.ofTar(Files.readAllBytes(tar)).toString()).contains("f bin/echo");
    }

    /// Two of one name, as in containers/image's delete_image_two_identical_references.
    @Test
    void theHintForTwoOfOneNameLeadsOn() throws IOException {
        byte[] other = layer().file("other", "").toBytes();
        FileSet first = image(BASE).tag("1.0.0").oci();
        FileSet second = image(other).tag("1.0.0").oci();
        String entry =
                new String(second.content("index.json"), UTF_8)
                        .replaceAll("(?s)^.*?\"manifests\"\\s*:\\s*\\[(.*)].*$", "$1");
        first.edit(
                "index.json",
                json ->
                        json.replaceFirst(
                                "\"manifests\"\\s*:\\s*\\[", "\"manifests\":[" + entry + ","));
        Path layout =
                first.addMissing(second).directory(Files.createDirectory(directory.resolve("l")));
        Path tar = directory.resolve("out.tar");
        String hinted =
                refusal("rootfs", "oci:" + layout + ":1.0.0", tar)
                        .strip()
                        .replaceAll("(?s).*for example ", "");
        assertThat(hinted).isEqualTo("oci:" + layout + ":@0");
        run("rootfs", hinted, tar);
        assertThat(Listing.ofTar(Files.readAllBytes(tar))).hasToString("d /\nf other \"\"\n");
    }
}
