package dev.undocker.source.dockerarchive;

import static dev.undocker.testing.ImageBuilder.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.source.Opener;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Dialect;
import dev.undocker.testing.ImageBuilder.Packing;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class DockerArchiveTest {
    private static final byte[] BASE = new FileSet().file("a", "base").tar();
    private static final byte[] TOP = new FileSet().file("b", "top").tar();
    private static final ImageBuilder TWO = image(BASE, TOP).tag("busybox:latest");

    @TempDir Path directory;

    private static String diffId(byte[] layer) {
        return Digest.sha256(layer).toString();
    }

    /// The member with the only image's config.
    private static String kanikoName(ImageBuilder image) {
        return Digest.sha256(image.configJson()).toString();
    }

    private static String configName(ImageBuilder image) {
        return Digest.sha256(image.configJson()).hex() + ".json";
    }

    @ParameterizedTest
    @EnumSource
    void everyDialectGivesTheSameImage(Dialect dialect) throws IOException {
        ImageBuilder builder = TWO.config("Env", new String[] {"A=b"});
        try (Image image = Opener.in(directory).open(builder.docker(dialect))) {
            assertThat(image.name()).isEqualTo("busybox:latest");
            assertThat(image.rawConfig()).isEqualTo(builder.configJson());
            assertThat(image.config().process().env()).containsExactly("A=b");
            assertThat(image.manifestDigest()).isNull();
            Opener.assertLayers(image, BASE, TOP);
            assertThat(image.layers()).extracting(layer -> layer.number()).containsExactly(1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aLayerMayOccurTwice(Dialect dialect) throws IOException {
        try (Image image = Opener.in(directory).open(image(BASE, TOP, BASE).docker(dialect))) {
            Opener.assertLayers(image, BASE, TOP, BASE);
            assertThat(image.name()).isEqualTo("image");
        }
    }

    @ParameterizedTest
    @EnumSource
    void blobsCarryTheirDigest(Packing packing) throws IOException {
        FileSet files = TWO.packed(packing).docker(Dialect.SAVE_BLOBS);
        try (Image image = Opener.in(directory).open(files)) {
            assertThat(image.layers().getFirst().digest())
                    .isEqualTo(Digest.sha256(packing.pack(BASE)));
            Opener.assertLayers(image, BASE, TOP);
        }
    }

    @Test
    void uncompressedLayersAreReadWhereTheyLie() throws IOException {
        FileSet files = TWO.docker(Dialect.SAVE);
        try (Image image = Opener.in(directory).open(files)) {
            assertThat(image.layers().getFirst().data().inPlace().file().size())
                    .isEqualTo(files.tar().length);
        }
    }

    @Test
    void aLayerMayBeAHardLink() throws IOException {
        FileSet files = TWO.docker(Dialect.SKOPEO);
        String name = Digest.sha256(BASE).hex() + ".tar";
        files.remove(name).file("stored", BASE).hardLink(name, "./stored");
        try (Image image = Opener.in(directory).open(files)) {
            Opener.assertLayers(image, BASE, TOP);
        }
    }

    @Test
    void aHardLinkMeansTheMemberBeforeIt() throws IOException {
        FileSet files = TWO.docker(Dialect.SKOPEO);
        String name = Digest.sha256(BASE).hex() + ".tar";
        files.remove(name).file("x", BASE).hardLink(name, "x").file("x", "other");
        try (Image image = Opener.in(directory).open(files)) {
            Opener.assertLayers(image, BASE, TOP);
        }
    }

    @Test
    void theLastOfSeveralMembersWithOneNameCounts() throws IOException {
        FileSet files = new FileSet().file("manifest.json", "[]");
        files.file("./" + Digest.sha256(BASE).hex() + ".tar", "old");
        for (String name : TWO.docker(Dialect.SKOPEO).names()) {
            files.file(name, TWO.docker(Dialect.SKOPEO).content(name));
        }
        try (Image image = Opener.in(directory).open(files)) {
            Opener.assertLayers(image, BASE, TOP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]"})
    void anImageMayHaveNoLayers(String layers) throws IOException {
        FileSet files =
                image().docker(Dialect.SAVE)
                        .edit("manifest.json", text -> text.replace("[]", layers));
        try (Image image = Opener.in(directory).open(files)) {
            assertThat(image.layers()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox:latest",
                "busybox",
                "library/busybox",
                "docker.io/library/busybox:latest",
                "index.docker.io/busybox",
                "@1"
            })
    void oneOfSeveralImagesIsChosenByNameOrPosition(String selector) throws IOException {
        ImageBuilder.docker(
                        Dialect.SAVE,
                        image(BASE).tag("alpine:3"),
                        image(TOP).tag("example.org/busybox:1", "busybox:latest"))
                .tar(directory.resolve("two.tar"));
        String reference = "docker-archive:%s/two.tar:%s".formatted(directory, selector);
        try (Image image = Opener.in(directory).open(reference)) {
            Opener.assertLayers(image, TOP);
            assertThat(image.name())
                    .isEqualTo(selector.equals("@1") ? "example.org/busybox:1" : "busybox:latest");
        }
    }

    @Test
    void severalImagesWithoutAChoiceAreListed() {
        FileSet files =
                ImageBuilder.docker(Dialect.SAVE_BLOBS, image(BASE).tag("alpine:3"), image(TOP));
        Opener.Failure failure = Opener.in(directory).failure(files);
        assertThat(failure.sentence()).isEqualTo("image.tar: 2 images: alpine:3, @1");
        assertThat(failure.hint())
                .isEqualTo("choose one, for example docker-archive:image.tar:alpine:3");
    }

    @Test
    void severalImagesOfOneNameAreNumbered() {
        FileSet files =
                ImageBuilder.docker(
                        Dialect.SAVE_BLOBS,
                        image(BASE).tag("alpine:3"),
                        image(TOP).tag("alpine:3"));
        Opener.Failure failure = Opener.in(directory).failure(files);
        assertThat(failure.sentence()).isEqualTo("image.tar: 2 images: @0, @1");
        assertThat(failure.hint()).isEqualTo("choose one, for example docker-archive:image.tar:@0");
    }

    @Test
    void anUnknownNameIsRefusedWithTheKnownOnes() throws IOException {
        TWO.docker(Dialect.SAVE).tar(directory.resolve("image.tar"));
        String reference = "docker-archive:" + directory + "/image.tar:";
        assertThat(Opener.in(directory).failure(reference + "alpine").sentence())
                .isEqualTo("image.tar: no image alpine; there are: busybox:latest");
        assertThat(Opener.in(directory).failure(reference + "@1").sentence())
                .isEqualTo("image.tar: no image @1; there are: busybox:latest");
    }

    @Test
    void thePlatformIsCompared() throws IOException {
        FileSet files = TWO.platform("linux/arm64").docker(Dialect.SAVE);
        assertThat(Opener.in(directory).platform("linux/amd64").failure(files).sentence())
                .isEqualTo("image.tar: an image for linux/arm64, not for linux/amd64");
        try (Image image = Opener.in(directory).platform("linux/arm64/v8").open(files)) {
            assertThat(image.config().platform().architecture()).isEqualTo("arm64");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"windows/amd64", "freebsd/arm64"})
    void anImageForAnotherSystemIsNamed(String platform) throws IOException {
        FileSet files = TWO.platform(platform).docker(Dialect.SAVE);
        List<String> warnings = new ArrayList<>();
        Opener.in(directory).warnings(warnings).open(files).close();
        assertThat(warnings)
                .containsExactly(
                        "image.tar: an image for %s, whose programs Linux cannot run"
                                .formatted(platform));
        Opener.in(directory).platform(platform).open(files).close();
    }

    private String sentence(FileSet files) {
        return Opener.in(directory).failure(files).sentence();
    }

    @Test
    void aMissingLayerIsNamed() {
        String name = Digest.sha256(TOP).hex() + ".tar";
        assertThat(sentence(TWO.docker(Dialect.SKOPEO).remove(name)))
                .isEqualTo("image.tar: layer 2 (%s): %s is missing".formatted(diffId(TOP), name));
    }

    @Test
    void aDanglingLinkIsNamed() {
        String name = Digest.sha256(TOP).hex() + ".tar";
        FileSet files = TWO.docker(Dialect.SKOPEO).remove(name).symlink(name, "gone/layer.tar");
        assertThat(sentence(files))
                .isEqualTo(
                        "image.tar: %s: a link to gone/layer.tar, which is missing"
                                .formatted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/shadow", "x/../../etc/shadow"})
    void linksStayInTheArchive(String target) {
        String name = Digest.sha256(TOP).hex() + ".tar";
        FileSet files = TWO.docker(Dialect.SKOPEO).remove(name).symlink(name, target);
        assertThat(sentence(files))
                .isEqualTo("image.tar: %s: a link that leads out of the archive".formatted(name));
        files = TWO.docker(Dialect.SKOPEO).remove(name).hardLink(name, target);
        assertThat(sentence(files))
                .isEqualTo("image.tar: %s: a link that leads out of the archive".formatted(name));
    }

    @Test
    void absoluteLinksMeanTheArchiveToo() {
        String name = Digest.sha256(TOP).hex() + ".tar";
        FileSet files = TWO.docker(Dialect.SKOPEO).remove(name).symlink(name, "/etc/hosts");
        assertThat(sentence(files))
                .isEqualTo("image.tar: %s: a link to etc/hosts, which is missing".formatted(name));
    }

    @Test
    void loopsOfLinksAreRefused() {
        String name = Digest.sha256(TOP).hex() + ".tar";
        FileSet files =
                TWO.docker(Dialect.SKOPEO).remove(name).symlink(name, "x").symlink("x", name);
        assertThat(sentence(files)).isEqualTo("image.tar: %s: a loop of links".formatted(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/shadow", "/../etc/shadow"})
    void theManifestNamesMembersOnly(String path) {
        FileSet files =
                image(TOP)
                        .docker(Dialect.SKOPEO)
                        .edit(
                                "manifest.json",
                                text -> text.replace(Digest.sha256(TOP).hex() + ".tar", path));
        assertThat(sentence(files))
                .isEqualTo("image.tar: %s: leads out of the archive".formatted(path));
    }

    @Test
    void anAbsoluteHostPathIsNoMember() {
        FileSet files =
                image(TOP)
                        .docker(Dialect.SKOPEO)
                        .edit(
                                "manifest.json",
                                text ->
                                        text.replace(
                                                Digest.sha256(TOP).hex() + ".tar", "/etc/passwd"));
        assertThat(sentence(files))
                .isEqualTo(
                        "image.tar: layer 1 (%s): /etc/passwd is missing".formatted(diffId(TOP)));
    }

    @Test
    void aMissingConfigIsNamed() {
        FileSet files = TWO.docker(Dialect.SAVE).remove(configName(TWO));
        assertThat(sentence(files))
                .isEqualTo("image.tar: %s: the config is missing".formatted(configName(TWO)));
    }

    /// The config's name is a name: what states its digest is outside the archive.
    @ParameterizedTest
    @EnumSource(names = {"SAVE", "KANIKO"})
    void aConfigMayHaveTheNameOfAnother(Dialect dialect) throws IOException {
        String name = dialect == Dialect.KANIKO ? kanikoName(TWO) : configName(TWO);
        FileSet files = TWO.docker(dialect).edit(name, text -> text.replace("2026", "2027"));
        List<String> warnings = new ArrayList<>();
        try (Image image = Opener.in(directory).warnings(warnings).open(files)) {
            assertThat(image.config().created()).startsWith("2027");
            Opener.assertLayers(image, BASE, TOP);
            assertThat(warnings)
                    .containsExactly(
                            "image.tar: %s: does not match the digest in its name: it is %s"
                                    .formatted(name, Digest.sha256(image.rawConfig())));
        }
    }

    /// As jib wrote them until version 2.3.
    @Test
    void keysOfTheManifestMayDifferInCase() throws IOException {
        FileSet files =
                ImageBuilder.docker(Dialect.SAVE, TWO, image(BASE).tag("other:1"))
                        .edit(
                                "manifest.json",
                                text ->
                                        text.replace("\"Config\"", "\"config\"")
                                                .replace("\"RepoTags\"", "\"repoTags\"")
                                                .replace("\"Layers\"", "\"layers\""));
        files.tar(directory.resolve("image.tar"));
        List<String> warnings = new ArrayList<>();
        String reference = "docker-archive:" + directory + "/image.tar:busybox:latest";
        try (Image image = Opener.in(directory).warnings(warnings).open(reference)) {
            assertThat(image.name()).isEqualTo("busybox:latest");
            Opener.assertLayers(image, BASE, TOP);
        }
        assertThat(warnings)
                .containsExactly(
                        "image.tar: manifest.json: the key config is read as Config",
                        "image.tar: manifest.json: the key repoTags is read as RepoTags",
                        "image.tar: manifest.json: the key layers is read as Layers");
    }

    @Test
    void asManyLayersAsDiffIds() {
        FileSet files =
                TWO.docker(Dialect.SKOPEO)
                        .edit(
                                "manifest.json",
                                text ->
                                        text.replace(
                                                ",\"" + Digest.sha256(TOP).hex() + ".tar\"", ""));
        assertThat(sentence(files)).isEqualTo("image.tar: 1 layers, but 2 diff_ids in the config");
    }

    @Test
    void brokenManifestsAreRefused() {
        assertThat(manifest("[]")).isEqualTo("image.tar: manifest.json: no image in it");
        assertThat(manifest("{}")).isEqualTo("image.tar: manifest.json: not an array");
        assertThat(manifest("")).isEqualTo("image.tar: manifest.json: empty");
        assertThat(manifest("[null]")).isEqualTo("image.tar: manifest.json[0]: not an object");
        assertThat(manifest("[{}]")).isEqualTo("image.tar: manifest.json[0]: no Config");
        assertThat(manifest("[{\"Config\":\"c\",\"Layers\":\"x\"}]"))
                .isEqualTo("image.tar: manifest.json[0]: Layers: not an array");
        assertThat(manifest("[{\"Config\":7}]"))
                .isEqualTo("image.tar: manifest.json[0]: Config: not a string");
        assertThat(manifest("[{\"Config\":\"c\",\"Config\":\"d\"}]"))
                .isEqualTo(
                        "image.tar: manifest.json: not valid JSON: line 1, column 24: Duplicate"
                                + " field 'Config'");
        assertThat(manifest("[{\"Config\":"))
                .startsWith(
                        "image.tar: manifest.json: not valid JSON: line 1, column 12: Unexpected");
    }

    private String manifest(String json) {
        return sentence(new FileSet().file("manifest.json", json));
    }

    @Test
    void aGiantManifestIsNotRead() {
        assertThat(sentence(new FileSet().file("manifest.json", new byte[(4 << 20) + 1])))
                .isEqualTo(
                        "image.tar: manifest.json: 4194305 bytes, more than the 4194304 that are"
                                + " read");
    }

    @Test
    void archivesOfOldDockersAreNamed() {
        FileSet files = new FileSet().file("repositories", "{}").file("x/layer.tar", BASE);
        Opener.Failure failure = Opener.in(directory).failure(files);
        assertThat(failure.sentence())
                .isEqualTo(
                        "image.tar: saved by docker before 1.10, without manifest.json: not"
                                + " supported");
        assertThat(failure.hint()).isEqualTo("load it into docker and save it again");
    }

    @Test
    void anOciArchiveIsNamed() throws IOException {
        TWO.oci().tar(directory.resolve("image.tar"));
        Opener.Failure failure =
                Opener.in(directory).failure("docker-archive:" + directory + "/image.tar");
        assertThat(failure.sentence())
                .isEqualTo("image.tar: not a docker-archive: no manifest.json in it");
        assertThat(failure.hint()).isEqualTo("write oci-archive instead of docker-archive");
    }
}
