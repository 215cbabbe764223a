import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

/// A few thousand small files in several layers, some of them replaced or removed, as images have
/// them: a run on it warms up what a run on a real image needs.
final class RehearsalImage {
    private static final int LAYERS = 5;
    private static final int DIRECTORIES = 100;
    private static final int FILES = 25;

    private final SplittableRandom random = new SplittableRandom(1);

    private final List<byte[]> layers = new ArrayList<>();
    private final byte[] config;

    RehearsalImage() throws Exception {
        List<String> diffIds = new ArrayList<>();
        for (int number = 0; number < LAYERS; number++) {
            byte[] layer = layer(number);
            layers.add(layer);
            diffIds.add("\"sha256:" + sha256(layer) + "\"");
        }
        config =
                utf8(
                        """
                        {"architecture":"amd64","os":"linux","config":{"Cmd":["/d0/f0"]},\
                        "rootfs":{"type":"layers","diff_ids":[%s]}}\
                        """,
                        String.join(",", diffIds));
    }

    /// Writes the image as a docker-archive, its layers as they are.
    void writeArchive(Path path) throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        List<String> names = new ArrayList<>();
        for (byte[] layer : layers) {
            String name = names.size() + "/layer.tar";
            member(archive, name, '0', layer, "");
            names.add("\"" + name + "\"");
        }
        String configName = sha256(config) + ".json";
        member(archive, configName, '0', config, "");
        byte[] manifest =
                utf8(
                        "[{\"Config\":\"%s\",\"RepoTags\":[\"rehearsal:1\"],\"Layers\":[%s]}]",
                        configName, String.join(",", names));
        member(archive, "manifest.json", '0', manifest, "");
        archive.write(new byte[1024]);
        Files.write(path, archive.toByteArray());
    }

    /// Writes the image as an OCI layout, its layers gzipped.
    void writeLayout(Path directory) throws Exception {
        Path blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
        List<String> descriptors = new ArrayList<>();
        for (byte[] layer : layers) {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream();
            try (OutputStream gzip = new GZIPOutputStream(compressed)) {
                gzip.write(layer);
            }
            descriptors.add(blob(blobs, "layer.v1.tar+gzip", compressed.toByteArray()));
        }
        String configDescriptor = blob(blobs, "config.v1+json", config);
        byte[] manifest =
                utf8(
                        "{\"schemaVersion\":2,\"config\":%s,\"layers\":[%s]}",
                        configDescriptor, String.join(",", descriptors));
        byte[] index =
                utf8(
                        "{\"schemaVersion\":2,\"manifests\":[%s]}",
                        blob(blobs, "manifest.v1+json", manifest));
        Files.write(directory.resolve("index.json"), index);
    }

    /// Writes a blob and describes it.
    private static String blob(Path blobs, String type, byte[] content) throws Exception {
        String digest = sha256(content);
        Files.write(blobs.resolve(digest), content);
        return """
        {"mediaType":"application/vnd.oci.image.%s","digest":"sha256:%s","size":%d}\
        """
                .formatted(type, digest, content.length);
    }

    private static byte[] utf8(String json, Object... values) {
        return json.formatted(values).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] layer(int number) throws IOException {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (int directory = number; directory < DIRECTORIES; directory += 1 + number) {
            String name = "usr/share/d" + directory + "/";
            member(tar, name, '5', new byte[0], "");
            for (int file = 0; file < FILES; file++) {
                byte[] content = new byte[random.nextInt(6000)];
                member(tar, name + "f" + number + "-" + file, '0', content, "");
            }
            member(tar, name + "first", '0', new byte[10], "");
            member(tar, name + "link", '2', new byte[0], "first");
            member(tar, name + "name", '1', new byte[0], name + "first");
            if (number > 0) {
                member(tar, name + ".wh.f" + (number - 1) + "-0", '0', new byte[0], "");
            }
        }
        tar.write(new byte[1024]);
        return tar.toByteArray();
    }

    private static void member(
            ByteArrayOutputStream tar, String name, char type, byte[] content, String link)
            throws IOException {
        byte[] header = new byte[512];
        put(header, 0, name);
        put(header, 100, type == '5' ? "0000755" : "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, 124, "%011o".formatted(content.length));
        put(header, 136, "14000000000");
        put(header, 148, "        ");
        put(header, 156, String.valueOf(type));
        put(header, 157, link);
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        tar.write(header);
        tar.write(content);
        tar.write(new byte[-content.length & 511]);
    }

    private static void put(byte[] header, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    private static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
