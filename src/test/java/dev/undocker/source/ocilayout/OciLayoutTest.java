package dev.undocker.source.ocilayout;

import static dev.undocker.testing.ImageBuilder.addBlob;
import static dev.undocker.testing.ImageBuilder.addIndex;
import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.ImageBuilder.json;
import static dev.undocker.testing.ImageBuilder.layout;
import static dev.undocker.testing.ImageBuilder.multiPlatform;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.image.Digest;
import dev.undocker.image.Image;
import dev.undocker.image.Platform;
import dev.undocker.source.Opener;
import dev.undocker.testing.FileSet;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

@Timeout(60)
class OciLayoutTest {
    private static final byte[] BASE = new FileSet().file("a", "base").tar();
    private static final byte[] TOP = new FileSet().file("b", "top").tar();
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String ATTESTATION = "vnd.docker.reference.type";
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String LAYER = "application/vnd.oci.image.layer.v1.tar";
    private static final String CONFIG = "application/vnd.oci.image.config.v1+json";

    @TempDir Path directory;

    private Opener opener() {
        return Opener.in(directory);
    }

    private String sentence(FileSet files) {
        return opener().failure(files).sentence();
    }

    private static String blob(byte[] content) {
        return "blobs/sha256/" + Digest.sha256(content).hex();
    }

    private static Map<String, Object> with(
            Map<String, Object> descriptor, String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(descriptor);
        changed.put(key, value);
        return changed;
    }

    @ParameterizedTest
    @EnumSource
    void directoryAndArchiveGiveTheSameImage(Packing packing) throws IOException {
        ImageBuilder builder = image(BASE, TOP, BASE).tag("busybox:latest").packed(packing);
        FileSet files = builder.oci();
        String tar = files.tar(directory.resolve("tar")).toString();
        String layout = files.directory(directory.resolve("layout")).toString();
        for (String reference : List.of(tar, layout, "oci:" + layout, "oci-archive:" + tar)) {
            try (Image image = opener().open(reference)) {
                assertThat(image.name()).isEqualTo("busybox:latest");
                assertThat(image.rawConfig()).isEqualTo(builder.configJson());
                assertThat(image.manifestDigest()).isNotNull();
                assertThat(image.layers().get(1).digest())
                        .isEqualTo(Digest.sha256(packing.pack(TOP)));
                Opener.assertLayers(image, BASE, TOP, BASE);
            }
        }
    }

    @Test
    void archivesMayHaveDotPrefixes() throws IOException {
        FileSet plain = image(BASE).oci();
        FileSet files = new FileSet();
        plain.names().forEach(name -> files.file("./" + name, plain.content(name)));
        try (Image image = opener().open(files)) {
            Opener.assertLayers(image, BASE);
        }
    }

    @Test
    void blobsMayBeSharedBySymbolicLinks() throws IOException {
        Path shared = Files.write(directory.resolve("shared"), BASE);
        FileSet files = image(BASE).oci().remove(blob(BASE)).symlink(blob(BASE), "" + shared);
        try (Image image = opener().open(files.directory(directory.resolve("layout")).toString())) {
            Opener.assertLayers(image, BASE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theHostsPlatformIsChosen(boolean dockerTypes) throws IOException {
        FileSet files =
                multiPlatform(
                        dockerTypes,
                        image(TOP).platform("linux/s390x"),
                        image(BASE).packed(Packing.GZIP),
                        image(TOP).platform("windows/amd64"));
        try (Image image = opener().open(files)) {
            Opener.assertLayers(image, BASE);
        }
        try (Image image = opener().platform("linux/s390x").open(files)) {
            Opener.assertLayers(image, TOP);
            assertThat(image.config().platform()).isEqualTo(Platform.parse("linux/s390x"));
        }
        assertThat(opener().platform("linux/riscv64").failure(files))
                .isEqualTo(
                        new Opener.Failure(
                                "image.tar: no image for linux/riscv64; there are: %s,"
                                                .formatted(Platform.host())
                                        + " linux/s390x, windows/amd64",
                                "choose one of them with --platform"));
    }

    @Test
    void theNearestOfOlderVariantsIsChosen() throws IOException {
        FileSet files =
                multiPlatform(
                        false,
                        image(TOP).platform("linux/arm/v5"),
                        image(BASE).platform("linux/arm/v6"),
                        image(TOP).platform("linux/arm64/v8"));
        try (Image image = opener().platform("linux/arm/v7").open(files)) {
            Opener.assertLayers(image, BASE);
        }
    }

    @Test
    void platformsWithoutTheHostsAreListed() {
        FileSet files =
                multiPlatform(
                        false,
                        image(TOP).platform("linux/s390x"),
                        image(TOP).platform("linux/ppc64le"));
        assertThat(opener().failure(files))
                .isEqualTo(
                        new Opener.Failure(
                                "image.tar: no image for %s; there are: linux/ppc64le, linux/s390x"
                                        .formatted(Platform.host()),
                                "choose one of them with --platform"));
    }

    @Test
    void theOnlyImageNeedsNoPlatform() throws IOException {
        FileSet files = multiPlatform(false, image(TOP).platform("linux/s390x"));
        try (Image image = opener().open(files)) {
            Opener.assertLayers(image, TOP);
        }
        assertThat(opener().platform("linux/arm64").failure(files).sentence())
                .isEqualTo("image.tar: an image for linux/s390x, not for linux/arm64");
    }

    @Test
    void theBestVariantIsChosen() throws IOException {
        FileSet files =
                multiPlatform(
                        false,
                        image(TOP).platform("linux/arm/v6"),
                        image(BASE).platform("linux/arm/v7"),
                        image(BASE, TOP).platform("linux/arm64"));
        try (Image image = opener().platform("linux/arm").open(files)) {
            Opener.assertLayers(image, BASE);
        }
        try (Image image = opener().platform("linux/arm/v6").open(files)) {
            Opener.assertLayers(image, TOP);
        }
        try (Image image = opener().platform("linux/arm64/v8").open(files)) {
            Opener.assertLayers(image, BASE, TOP);
        }
    }

    @Test
    void platformsAreFoundInConfigsToo() throws IOException {
        FileSet files = ImageBuilder.oci(image(BASE), image(TOP).platform("linux/s390x"));
        try (Image image = opener().open(files)) {
            Opener.assertLayers(image, BASE);
        }
    }

    @Test
    void otherPlatformsMayBeMissing() throws IOException {
        ImageBuilder absent = image(TOP).platform("linux/s390x");
        FileSet files = multiPlatform(false, absent, image(BASE));
        FileSet other = new FileSet();
        absent.addManifest(other, false);
        other.names().forEach(files::remove);
        try (Image image = opener().open(files)) {
            Opener.assertLayers(image, BASE);
        }
        assertThat(opener().platform("linux/s390x").failure(files))
                .isEqualTo(
                        new Opener.Failure(
                                "image.tar: the image for linux/s390x is not in it; there are: "
                                        + Platform.host(),
                                "choose one with --platform " + Platform.host()));
    }

    /// As docker saves an image that was pulled for another platform.
    @Test
    void theOnlyPlatformThatIsThereIsTaken() throws IOException {
        ImageBuilder absent = image(BASE);
        FileSet files = multiPlatform(false, absent, image(TOP).platform("linux/s390x"));
        FileSet other = new FileSet();
        absent.addManifest(other, false);
        other.names().forEach(files::remove);
        List<String> warnings = new ArrayList<>();
        try (Image image = opener().warnings(warnings).open(files)) {
            Opener.assertLayers(image, TOP);
        }
        assertThat(warnings)
                .containsExactly(
                        "image.tar: the image for %s is not in it; there are: linux/s390x, which is taken"
                                .formatted(Platform.host()));
    }

    @Test
    void imagesOfOneNameAreNumbered() {
        Opener.Failure failure =
                opener().failure(ImageBuilder.oci(image(TOP).tag("a:1"), image(BASE).tag("a:1")));
        assertThat(failure.sentence())
                .isEqualTo("image.tar: 2 images for %s: @0, @1".formatted(Platform.host()));
        assertThat(failure.hint()).endsWith("oci-archive:image.tar:@0");
    }

    @Test
    void attestationsAndSignaturesAreNoImages() throws IOException {
        FileSet files = new FileSet();
        Map<String, Object> real = image(BASE).platform("linux/s390x").addManifest(files, false);
        Map<String, Object> attestation = image(TOP).addManifest(files, false);
        Map<String, Object> signature =
                addBlob(
                        files,
                        MANIFEST,
                        json(
                                Map.of(
                                        "schemaVersion",
                                        2,
                                        "config",
                                        addBlob(
                                                files,
                                                "application/vnd.oci.empty.v1+json",
                                                "{}".getBytes(UTF_8)),
                                        "layers",
                                        List.of())));
        Map<String, Object> cosign =
                addBlob(
                        files,
                        MANIFEST,
                        json(
                                Map.of(
                                        "config",
                                        addBlob(files, CONFIG, "{}".getBytes(UTF_8)),
                                        "layers",
                                        List.of(
                                                addBlob(
                                                        files,
                                                        "application/vnd.dev.cosign"
                                                                + ".simplesigning.v1+json",
                                                        "{}".getBytes(UTF_8))))));
        List<Map<String, Object>> manifests =
                List.of(
                        with(cosign, "annotations", Map.of(REF_NAME, "sha256-12.sig")),
                        with(
                                attestation,
                                "platform",
                                Map.of("os", "unknown", "architecture", "unknown")),
                        with(
                                with(attestation, "size", 1),
                                "annotations",
                                Map.of(ATTESTATION, "attestation-manifest")),
                        with(signature, "annotations", Map.of(REF_NAME, "sha256-1234.sig")),
                        with(attestation, "artifactType", "application/spdx+json"),
                        with(attestation, "mediaType", "application/vnd.example"),
                        with(real, "annotations", Map.of(REF_NAME, "busybox")));
        try (Image image = opener().open(layout(files, manifests))) {
            Opener.assertLayers(image, BASE);
            assertThat(image.name()).isEqualTo("busybox");
        }
        FileSet alone = new FileSet();
        alone.addMissing(files).remove("index.json").remove("oci-layout");
        assertThat(sentence(layout(alone, List.of(signature))))
                .endsWith(
                        ": not an image: its config has the media type"
                                + " application/vnd.oci.empty.v1+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"two:2", "docker.io/library/two:2", "library/two:2", "2", "@1"})
    void oneOfSeveralImagesIsChosenByNameOrPosition(String selector) throws IOException {
        ImageBuilder.oci(image(TOP).tag("one:1"), image(BASE).tag("two:2"))
                .directory(directory.resolve("layout"));
        try (Image image = opener().open("oci:" + directory + "/layout:" + selector)) {
            Opener.assertLayers(image, BASE);
        }
    }

    @Test
    void anExactNamePrevails() throws IOException {
        ImageBuilder.oci(image(TOP).tag("example.org/a:latest"), image(BASE).tag("latest"))
                .directory(directory.resolve("layout"));
        try (Image image = opener().open("oci:" + directory + "/layout:latest")) {
            Opener.assertLayers(image, BASE);
        }
    }

    @Test
    void severalImagesWithoutAChoiceAreListed() throws IOException {
        FileSet files = ImageBuilder.oci(image(TOP).tag("one:1"), image(BASE).tag("two:2"));
        files.directory(directory.resolve("layout"));
        assertThat(opener().failure(directory + "/layout").sentence())
                .isEqualTo("layout: 2 images: one:1, two:2");
        assertThat(opener().failure("oci:" + directory + "/layout").hint())
                .isEqualTo("choose one, for example oci:layout:one:1");
        assertThat(opener().failure("oci:" + directory + "/layout:three").sentence())
                .isEqualTo("layout: no image three; there are: one:1, two:2");
        assertThat(opener().failure("oci:" + directory + "/layout:@2").sentence())
                .isEqualTo("layout: no image @2; there are: one:1, two:2");
    }

    @Test
    void severalNamelessImagesAreListedByPosition() {
        assertThat(sentence(ImageBuilder.oci(image(TOP), image(BASE))))
                .isEqualTo("image.tar: 2 images for %s: @0, @1".formatted(Platform.host()));
    }

    @Test
    void oneImageMayHaveSeveralNames() throws IOException {
        FileSet files = ImageBuilder.oci(image(BASE).tag("one:1"), image(BASE).tag("two:2"));
        try (Image image = opener().open(files)) {
            assertThat(image.name()).isEqualTo("one:1");
        }
    }

    @Test
    void noImage() {
        assertThat(sentence(layout(new FileSet(), List.of())))
                .isEqualTo("image.tar: no image in it");
    }

    @Test
    void indexesMayNestButNotForEver() throws IOException {
        for (int depth : new int[] {3, 8, 9}) {
            FileSet files = new FileSet();
            Map<String, Object> descriptor = image(BASE).addManifest(files, false);
            for (int i = 0; i < depth; i++) {
                descriptor = addIndex(files, i % 2 == 0, List.of(descriptor));
            }
            FileSet complete = layout(files, List.of(descriptor));
            if (depth == 9) {
                assertThat(sentence(complete))
                        .isEqualTo("image.tar: indexes are nested more than 8 deep");
            } else {
                opener().open(complete).close();
            }
        }
    }

    @Test
    void indexesThatMultiplyAreRefused() {
        FileSet files = new FileSet();
        Map<String, Object> descriptor = image(BASE).addManifest(files, false);
        for (int i = 0; i < 8; i++) {
            List<Map<String, Object>> copies = new ArrayList<>();
            for (int copy = 0; copy < 100; copy++) {
                copies.add(descriptor);
            }
            descriptor = addIndex(files, false, copies);
        }
        assertThat(sentence(layout(files, List.of(descriptor))))
                .isEqualTo("image.tar: more than 1000 manifests in it");
    }

    /// A layout whose only manifest, config and layers are as given.
    private static FileSet changed(
            Consumer<Map<String, Object>> manifest, String layerType, byte[]... layers) {
        ImageBuilder builder = image(layers);
        FileSet files = new FileSet();
        List<Map<String, Object>> descriptors = new ArrayList<>();
        for (byte[] layer : layers) {
            descriptors.add(addBlob(files, layerType, layer));
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schemaVersion", 2);
        document.put("mediaType", MANIFEST);
        document.put("config", addBlob(files, CONFIG, builder.configJson()));
        document.put("layers", descriptors);
        manifest.accept(document);
        return layout(files, List.of(addBlob(files, MANIFEST, json(document))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                LAYER,
                LAYER + "+gzip",
                "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
                "application/vnd.docker.image.rootfs.diff.tar.gzip",
                "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                ""
            })
    void everyMediaTypeOfALayerWillDo(String type) throws IOException {
        try (Image image = opener().open(changed(manifest -> {}, type, BASE))) {
            Opener.assertLayers(image, BASE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.oci.image.layer.v1.tar+gzip+encrypted",
                "application/vnd.oci.image.layer.v1.tar+lz4",
                "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
            })
    void otherMediaTypesAreNamed(String type) {
        assertThat(sentence(changed(manifest -> {}, type, BASE)))
                .isEqualTo(
                        "image.tar: layer 1 (%s): not a layer that can be unpacked: its media type"
                                        .formatted(Digest.sha256(BASE))
                                + " is "
                                + type);
    }

    @Test
    void aDocumentOfTwoKindsIsRefused() {
        assertThat(sentence(changed(manifest -> manifest.put("manifests", List.of()), LAYER, BASE)))
                .startsWith("image.tar: manifest (sha256:")
                .endsWith("): both an index and a manifest (manifests and layers in it)");
        FileSet files = image(BASE).oci();
        files.edit("index.json", text -> "{\"layers\":[]," + text.substring(1));
        assertThat(sentence(files))
                .isEqualTo(
                        "image.tar: index.json: both an index and a manifest (manifests and layers"
                                + " in it)");
    }

    @Test
    void aDocumentIsWhatItsMediaTypeSays() {
        FileSet files = new FileSet();
        Map<String, Object> index =
                addIndex(files, false, List.of(image(BASE).addManifest(files, false)));
        files.edit(
                "blobs/" + index.get("digest").toString().replace(':', '/'),
                text -> text.replace("image.index", "image.manifest"));
        byte[] bytes = files.content("blobs/" + index.get("digest").toString().replace(':', '/'));
        assertThat(sentence(layout(files, List.of(addBlob(files, MANIFEST, bytes)))))
                .endsWith("): an index, although its media type is " + MANIFEST);
    }

    @Test
    void schema1IsNamed() {
        FileSet files = new FileSet();
        byte[] schema1 = json(Map.of("schemaVersion", 1, "fsLayers", List.of()));
        String type = "application/vnd.docker.distribution.manifest.v1+prettyjws";
        for (String each : List.of(type, "")) {
            FileSet complete = new FileSet().addMissing(files);
            assertThat(sentence(layout(complete, List.of(addBlob(complete, each, schema1)))))
                    .endsWith("): an image manifest of Docker's schema 1, which is not supported");
        }
    }

    @Test
    void asManyLayersAsDiffIds() {
        assertThat(sentence(changed(manifest -> manifest.put("layers", List.of()), LAYER, BASE)))
                .isEqualTo("image.tar: 0 layers, but 1 diff_ids in the config");
    }

    @Test
    void keysMayDifferInCase() throws IOException {
        FileSet files =
                ImageBuilder.oci(image(BASE), image(TOP).platform("linux/s390x"))
                        .edit(
                                "index.json",
                                text ->
                                        text.replace("\"manifests\"", "\"Manifests\"")
                                                .replace("\"digest\"", "\"Digest\""));
        List<String> warnings = new ArrayList<>();
        try (Image image = opener().warnings(warnings).open(files)) {
            Opener.assertLayers(image, BASE);
        }
        assertThat(warnings)
                .containsExactly(
                        "image.tar: index.json: the key Manifests is read as manifests",
                        "image.tar: index.json: the key Digest is read as digest");
    }

    /// What Go reads as both is both here too.
    @Test
    void anIndexAndAManifestInOneAreRefusedInAnyCase() {
        assertThat(
                        opener().warnings(new ArrayList<>())
                                .failure(
                                        layout(new FileSet(), List.of())
                                                .edit(
                                                        "index.json",
                                                        text ->
                                                                text.replace(
                                                                        "{\"",
                                                                        "{\"Layers\":[],\"")))
                                .sentence())
                .isEqualTo(
                        "image.tar: index.json: both an index and a manifest (manifests and layers"
                                + " in it)");
    }

    @Test
    void missingBlobsAreNamed() throws IOException {
        ImageBuilder builder = image(BASE, TOP);
        assertThat(sentence(builder.oci().remove(blob(TOP))))
                .isEqualTo(
                        "image.tar: layer 2 (%s): %s is missing"
                                .formatted(Digest.sha256(TOP), blob(TOP)));
        byte[] config = builder.configJson();
        assertThat(sentence(builder.oci().remove(blob(config))))
                .isEqualTo(
                        "image.tar: config (%s): %s is missing"
                                .formatted(Digest.sha256(config), blob(config)));
        builder.oci().remove(blob(BASE)).directory(directory.resolve("layout"));
        assertThat(opener().failure(directory + "/layout").sentence())
                .isEqualTo(
                        "layout: layer 1 (%s): %s is missing"
                                .formatted(Digest.sha256(BASE), blob(BASE)));
    }

    @Test
    void changedBlobsAreNamed() {
        ImageBuilder builder = image(BASE, TOP);
        byte[] config = builder.configJson();
        assertThat(sentence(builder.oci().edit(blob(config), text -> text.replace("2026", "2027"))))
                .startsWith(
                        "image.tar: config (%s): does not match its digest: it is sha256:"
                                .formatted(Digest.sha256(config)));
        assertThat(sentence(builder.oci().edit(blob(config), text -> text + " ")))
                .isEqualTo(
                        "image.tar: config (%s): does not match its size: %d bytes instead of %d"
                                .formatted(
                                        Digest.sha256(config), config.length + 1, config.length));
        assertThat(sentence(builder.oci().edit(blob(TOP), text -> text + "x")))
                .isEqualTo(
                        "image.tar: layer 2 (%s): does not match its size: %d bytes instead of %d"
                                .formatted(Digest.sha256(TOP), TOP.length + 1, TOP.length));
    }

    @Test
    void aChangedManifestIsNamed() {
        FileSet files = image(BASE).oci();
        files.edit("index.json", text -> text.replaceFirst("\"size\":\\d+", "\"size\":7"));
        assertThat(sentence(files))
                .startsWith("image.tar: manifest (sha256:")
                .contains("does not match its size: ")
                .endsWith(" instead of 7");
    }

    @Test
    void digestsAreNoPaths() {
        FileSet files = image(BASE).oci();
        files.edit(
                "index.json",
                text -> text.replaceAll("sha256:[0-9a-f]+", "sha256:../../../etc/passwd"));
        assertThat(sentence(files))
                .isEqualTo(
                        "image.tar: index.json: manifests[0]: digest: "
                                + "sha256:../../../etc/passwd: not a digest");
    }

    @Test
    void brokenIndexesAreRefused() {
        assertThat(index("{"))
                .startsWith("image.tar: index.json: not valid JSON: line 1, column 2: Unexpected");
        assertThat(index("[]")).isEqualTo("image.tar: index.json: not an object");
        assertThat(index("{\"manifests\":{}}"))
                .isEqualTo("image.tar: index.json: manifests: not an array");
        assertThat(index("{\"manifests\":[{}]}"))
                .isEqualTo("image.tar: index.json: manifests[0]: no digest");
        assertThat(
                        index(
                                "{\"manifests\":[{\"digest\":\"%s\",\"size\":-1}]}"
                                        .formatted(Digest.sha256(BASE))))
                .isEqualTo("image.tar: index.json: manifests[0]: size: not a size");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.0", "\"1\"", "99999999999999999999", "true"})
    void sizesAreWholeNumbers(String size) {
        assertThat(
                        index(
                                "{\"manifests\":[{\"digest\":\"%s\",\"size\":%s}]}"
                                        .formatted(Digest.sha256(BASE), size)))
                .isEqualTo("image.tar: index.json: manifests[0]: size: not a size");
    }

    private String index(String json) {
        return sentence(new FileSet().file("oci-layout", "{}").file("index.json", json));
    }

    @Test
    void aGiantIndexIsNotRead() {
        assertThat(sentence(new FileSet().file("index.json", new byte[(4 << 20) + 1])))
                .isEqualTo(
                        "image.tar: index.json: 4194305 bytes, more than the 4194304 that are"
                                + " read");
    }

    @Test
    void layoutsOfTheFutureAreNamed() {
        FileSet files = image(BASE).oci();
        files.edit("oci-layout", text -> text.replace("1.0.0", "2.0.0"));
        assertThat(sentence(files))
                .isEqualTo("image.tar: oci-layout: layout version 2.0.0 is not supported");
    }

    @Test
    void theMarkerAloneIsNoLayout() {
        assertThat(sentence(image(BASE).oci().remove("index.json")))
                .isEqualTo("image.tar: not an OCI layout: no index.json in it");
    }

    @Test
    void aFifoAsBlobDoesNotHang() throws Exception {
        Requirements.tool("mkfifo");
        Path layout = image(BASE).oci().directory(directory.resolve("layout"));
        Path blob = layout.resolve(blob(BASE));
        Files.delete(blob);
        assertThat(new ProcessBuilder("mkfifo", blob.toString()).start().waitFor()).isZero();
        assertThat(opener().failure(layout.toString()).sentence())
                .isEqualTo("layout: %s: cannot be read: not a regular file".formatted(blob(BASE)));
    }
}
