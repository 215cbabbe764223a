import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// A docker-archive with a few thousand small files in several layers, some of them replaced or
/// removed, as images have them: a run on it warms up what a run on a real image needs.
final class RehearsalImage {
    private static final int LAYERS = 5;
    private static final int DIRECTORIES = 100;
    private static final int FILES = 25;

    private final SplittableRandom random = new SplittableRandom(1);

    /// Writes the image to `path`.
    void write(Path path) throws Exception {
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        StringBuilder names = new StringBuilder();
        StringBuilder diffIds = new StringBuilder();
        for (int number = 0; number < LAYERS; number++) {
            byte[] layer = layer(number);
            member(archive, number + "/layer.tar", '0', layer, "");
            names.append(number == 0 ? "" : ",").append("\"" + number + "/layer.tar\"");
            diffIds.append(number == 0 ? "" : ",").append("\"sha256:" + sha256(layer) + "\"");
        }
        byte[] config =
                """
                {"architecture":"amd64","os":"linux","config":{"Cmd":["/d0/f0"]},\
                "rootfs":{"type":"layers","diff_ids":[%s]}}\
                """
                        .formatted(diffIds)
                        .getBytes(StandardCharsets.UTF_8);
        String configName = sha256(config) + ".json";
        member(archive, configName, '0', config, "");
        String manifest =
                "[{\"Config\":\"%s\",\"RepoTags\":[\"rehearsal:1\"],\"Layers\":[%s]}]"
                        .formatted(configName, names);
        member(archive, "manifest.json", '0', manifest.getBytes(StandardCharsets.UTF_8), "");
        archive.write(new byte[1024]);
        Files.write(path, archive.toByteArray());
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
