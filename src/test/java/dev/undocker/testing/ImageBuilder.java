package dev.undocker.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;

import dev.undocker.image.Digest;
import dev.undocker.image.Platform;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// An image made of layers that are given as tars, written in the forms that real programs write.
/// Immutable: each method that changes something returns a new value.
///
/// ```java
/// ImageBuilder.image(base, top).tag("busybox:latest").docker(Dialect.SAVE).tar(file);
/// ImageBuilder.image(base, top).packed(Packing.GZIP).oci().directory(layout);
/// ```
///
/// @param layers uncompressed, base first
/// @param tags for a docker-archive, and, the first of them, for a layout
/// @param packing of layers where the form leaves a choice
/// @param config the config's `config` object
public record ImageBuilder(
        List<byte[]> layers,
        List<String> tags,
        Platform platform,
        Packing packing,
        Map<String, Object> config) {
    /// How layers are stored.
    public enum Packing {
        NONE("", ""),
        GZIP("+gzip", ".gzip"),
        ZSTD("+zstd", ".zstd"),
        /// No media type speaks of it: found by content.
        XZ("", ""),
        /// No media type speaks of it: found by content.
        BZIP2("", "");

        private final String ociSuffix;
        private final String dockerSuffix;

        Packing(String ociSuffix, String dockerSuffix) {
            this.ociSuffix = ociSuffix;
            this.dockerSuffix = dockerSuffix;
        }

        public byte[] pack(byte[] layer) {
            return switch (this) {
                case NONE -> layer;
                case GZIP -> gzip(layer);
                case ZSTD -> Zstd.compress(layer);
                case XZ -> through(layer, out -> new XZOutputStream(out, new LZMA2Options(0)));
                case BZIP2 -> through(layer, BZip2CompressorOutputStream::new);
            };
        }

        private static byte[] through(byte[] bytes, Packer packer) {
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (OutputStream out = packer.open(packed)) {
                out.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return packed.toByteArray();
        }

        private interface Packer {
            OutputStream open(OutputStream packed) throws IOException;
        }
    }

    /// Who writes a docker-archive.
    public enum Dialect {
        /// `docker save`, 1.10 to 24: `ID/layer.tar`, a layer's second use is a symbolic link.
        SAVE,
        /// `docker save` from 25 on: blobs by digest, with an OCI layout around them.
        SAVE_BLOBS,
        /// skopeo and podman: `HEX.tar` by diffID.
        SKOPEO,
        /// kaniko and jib: `HEX.tar.gz`, always gzip; manifest first.
        KANIKO,
        /// bazel: names begin with `./`, those in the manifest do not.
        BAZEL
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OCI = "application/vnd.oci.image.";
    private static final String DOCKER = "application/vnd.docker.";

    public ImageBuilder {
        layers = List.copyOf(layers);
        tags = List.copyOf(tags);
    }

    public static ImageBuilder image(byte[]... layers) {
        return new ImageBuilder(
                Arrays.asList(layers), List.of(), Platform.host(), Packing.NONE, Map.of());
    }

    public ImageBuilder tag(String... names) {
        return new ImageBuilder(layers, Arrays.asList(names), platform, packing, config);
    }

    public ImageBuilder platform(String text) {
        return new ImageBuilder(layers, tags, Platform.parse(text), packing, config);
    }

    public ImageBuilder packed(Packing how) {
        return new ImageBuilder(layers, tags, platform, how, config);
    }

    /// Adds to the config's `config` object.
    public ImageBuilder config(String key, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(config);
        changed.put(key, value);
        return new ImageBuilder(layers, tags, platform, packing, changed);
    }

    /// The config as JSON.
    public byte[] configJson() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("architecture", platform.architecture());
        root.put("os", platform.os());
        if (platform.variant() != null) {
            root.put("variant", platform.variant());
        }
        root.put("created", "2026-01-01T00:00:00Z");
        root.put("config", config);
        List<String> diffIds = layers.stream().map(layer -> digest(layer).toString()).toList();
        root.put("rootfs", Map.of("type", "layers", "diff_ids", diffIds));
        return json(root);
    }

    /// A docker-archive with this image.
    public FileSet docker(Dialect dialect) {
        return docker(dialect, this);
    }

    /// A docker-archive with several images.
    public static FileSet docker(Dialect dialect, ImageBuilder... images) {
        FileSet files = new FileSet();
        List<Map<String, Object>> manifest = new ArrayList<>();
        for (ImageBuilder image : images) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("Config", image.addConfig(dialect, files));
            entry.put("RepoTags", image.tags.isEmpty() ? null : image.tags);
            entry.put("Layers", image.addLayers(dialect, files));
            manifest.add(entry);
        }
        String prefix = dialect == Dialect.BAZEL ? "./" : "";
        files.file(prefix + "manifest.json", json(manifest));
        switch (dialect) {
            case SAVE -> files.file("repositories", "{}");
            case SAVE_BLOBS -> files.addMissing(oci(images));
            case KANIKO -> files.moveToFront("manifest.json");
            case SKOPEO, BAZEL -> {}
        }
        return files;
    }

    private String addConfig(Dialect dialect, FileSet files) {
        byte[] json = configJson();
        String hex = digest(json).hex();
        String name =
                switch (dialect) {
                    case SAVE, SKOPEO, BAZEL -> hex + ".json";
                    case SAVE_BLOBS -> "blobs/sha256/" + hex;
                    case KANIKO -> "sha256:" + hex;
                };
        files.file((dialect == Dialect.BAZEL ? "./" : "") + name, json);
        return name;
    }

    private List<String> addLayers(Dialect dialect, FileSet files) {
        List<String> names = new ArrayList<>();
        Map<Digest, String> first = new LinkedHashMap<>();
        for (byte[] layer : layers) {
            Digest diffId = digest(layer);
            byte[] stored = (dialect == Dialect.KANIKO ? Packing.GZIP : packing).pack(layer);
            String name =
                    switch (dialect) {
                        case SAVE -> id(names.size()) + "/layer.tar";
                        case SAVE_BLOBS -> "blobs/sha256/" + digest(stored).hex();
                        case SKOPEO -> diffId.hex() + ".tar";
                        case KANIKO -> digest(stored).hex() + ".tar.gz";
                        case BAZEL -> diffId.hex() + "/layer.tar";
                    };
            names.add(name);
            String known = first.putIfAbsent(diffId, name);
            if (known == null && !files.names().contains(name)) {
                files.file((dialect == Dialect.BAZEL ? "./" : "") + name, stored);
            } else if (dialect == Dialect.SAVE) {
                files.symlink(name, "../" + known);
            }
        }
        return names;
    }

    /// What docker before 25 calls a layer: its identity in the image, not its content.
    private String id(int position) {
        byte[] chain = Arrays.copyOf(configJson(), configJson().length + 1);
        chain[chain.length - 1] = (byte) position;
        return digest(chain).hex();
    }

    /// An OCI layout with this image.
    public FileSet oci() {
        return oci(this);
    }

    /// An OCI layout with several images, each an entry of `index.json`.
    public static FileSet oci(ImageBuilder... images) {
        FileSet files = new FileSet();
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (ImageBuilder image : images) {
            Map<String, Object> descriptor = image.addManifest(files, false);
            if (!image.tags.isEmpty()) {
                descriptor.put(
                        "annotations",
                        Map.of("org.opencontainers.image.ref.name", image.tags.getFirst()));
            }
            manifests.add(descriptor);
        }
        return layout(files, manifests);
    }

    /// An OCI layout whose `index.json` has one entry, an index with all the images, each with its
    /// platform.
    public static FileSet multiPlatform(boolean dockerTypes, ImageBuilder... images) {
        FileSet files = new FileSet();
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (ImageBuilder image : images) {
            Map<String, Object> descriptor = image.addManifest(files, dockerTypes);
            Map<String, Object> platform = new LinkedHashMap<>();
            platform.put("architecture", image.platform.architecture());
            platform.put("os", image.platform.os());
            if (image.platform.variant() != null) {
                platform.put("variant", image.platform.variant());
            }
            descriptor.put("platform", platform);
            manifests.add(descriptor);
        }
        return layout(files, List.of(addIndex(files, dockerTypes, manifests)));
    }

    /// Adds an index as a blob.
    ///
    /// @return its descriptor
    public static Map<String, Object> addIndex(
            FileSet files, boolean dockerTypes, List<Map<String, Object>> manifests) {
        String type =
                dockerTypes ? DOCKER + "distribution.manifest.list.v2+json" : OCI + "index.v1+json";
        byte[] json = json(Map.of("schemaVersion", 2, "mediaType", type, "manifests", manifests));
        return addBlob(files, type, json);
    }

    /// Adds the blobs of this image.
    ///
    /// @return the descriptor of its manifest
    public Map<String, Object> addManifest(FileSet files, boolean dockerTypes) {
        List<Map<String, Object>> descriptors = new ArrayList<>();
        for (byte[] layer : layers) {
            String type =
                    dockerTypes
                            ? DOCKER + "image.rootfs.diff.tar" + packing.dockerSuffix
                            : OCI + "layer.v1.tar" + packing.ociSuffix;
            descriptors.add(addBlob(files, type, packing.pack(layer)));
        }
        Map<String, Object> configDescriptor =
                addBlob(
                        files,
                        dockerTypes ? DOCKER + "container.image.v1+json" : OCI + "config.v1+json",
                        configJson());
        String type =
                dockerTypes ? DOCKER + "distribution.manifest.v2+json" : OCI + "manifest.v1+json";
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", type);
        manifest.put("config", configDescriptor);
        manifest.put("layers", descriptors);
        return addBlob(files, type, json(manifest));
    }

    /// Adds a blob.
    ///
    /// @return its descriptor, which may be changed
    public static Map<String, Object> addBlob(FileSet files, String mediaType, byte[] content) {
        String name = "blobs/sha256/" + digest(content).hex();
        if (!files.names().contains(name)) {
            files.file(name, content);
        }
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", mediaType);
        descriptor.put("digest", digest(content).toString());
        descriptor.put("size", content.length);
        return descriptor;
    }

    /// Completes a layout with blobs in it.
    public static FileSet layout(FileSet files, List<Map<String, Object>> manifests) {
        files.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        return files.file("index.json", json(Map.of("schemaVersion", 2, "manifests", manifests)));
    }

    public static byte[] json(Object value) {
        try {
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static byte[] gzip(byte[] bytes) {
        return Packing.through(bytes, GZIPOutputStream::new);
    }

    private static Digest digest(byte[] bytes) {
        return Digest.sha256(bytes);
    }
}
