package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/// The image of `examples/hello.tar`: a docker-archive with a program that prints its arguments,
/// and one of each thing that a layer can do: a whiteout, a hard link, a set-user-ID file.
///
/// The same bytes on every call. To write the example again after a change here: `./mvnw -Dquick
/// test -Dtest=HelloImageTest -Dexamples.write=true`.
public final class HelloImage {
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private HelloImage() {}

    /// The whole archive.
    public static byte[] bytes() {
        byte[] base =
                new Layer()
                        .directory("etc/", 0755)
                        .file("etc/passwd", 0644, "root:x:0:0:root:/:\nhello:x:1000:1000::/srv:\n")
                        .file("etc/group", 0644, "root:x:0:\nhello:x:1000:\n")
                        .file("hello", 0755, HelloProgram.bytes())
                        .directory("srv/", 0755)
                        .file("srv/draft.txt", 0644, "removed by the layer above\n")
                        .file("srv/greeting.txt", 0644, "hello\n")
                        .directory("tmp/", 01777)
                        .bytes();
        byte[] top =
                new Layer()
                        .file("hello-as-root", 04755, HelloProgram.bytes())
                        .directory("srv/", 0755)
                        .file("srv/.wh.draft.txt", 0644, "")
                        .file("srv/greeting.txt", 0644, "hello, world\n")
                        .hardLink("srv/welcome.txt", "srv/greeting.txt")
                        .symbolicLink("srv/today.txt", "welcome.txt")
                        .bytes();
        byte[] config = config(sha256(base), sha256(top)).getBytes(UTF_8);
        String manifest =
                """
                [{"Config":"%s.json","RepoTags":["example.org/hello:1"],"Layers":["%s.tar","%s.tar"]}]
                """
                        .formatted(sha256(config), sha256(base), sha256(top));
        return new Layer()
                .file(sha256(base) + ".tar", 0644, base)
                .file(sha256(top) + ".tar", 0644, top)
                .file(sha256(config) + ".json", 0644, config)
                .file("manifest.json", 0644, manifest)
                .bytes();
    }

    private static String config(String base, String top) {
        return """
        {"architecture":"amd64","os":"linux","created":"%s",\
        "config":{"Entrypoint":["/hello"],"Cmd":["hello","from a layered world"],\
        "Env":["PATH=/","GREETING=hello, world"],"WorkingDir":"/srv","User":"hello"},\
        "rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]}}
        """
                .formatted(TIME, base, top);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /// A tar in memory; everything in it belongs to root and was changed at the same time.
    private static final class Layer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512, "UTF-8");

        Layer() {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        }

        Layer directory(String name, int mode) {
            return add(new TarArchiveEntry(name, TarConstants.LF_DIR), mode, new byte[0]);
        }

        Layer file(String name, int mode, String text) {
            return file(name, mode, text.getBytes(UTF_8));
        }

        Layer file(String name, int mode, byte[] content) {
            return add(new TarArchiveEntry(name, TarConstants.LF_NORMAL), mode, content);
        }

        Layer hardLink(String name, String target) {
            return link(name, TarConstants.LF_LINK, target, 0644);
        }

        Layer symbolicLink(String name, String target) {
            return link(name, TarConstants.LF_SYMLINK, target, 0777);
        }

        private Layer link(String name, byte type, String target, int mode) {
            TarArchiveEntry entry = new TarArchiveEntry(name, type);
            entry.setLinkName(target);
            return add(entry, mode, new byte[0]);
        }

        private Layer add(TarArchiveEntry entry, int mode, byte[] content) {
            entry.setMode(mode);
            entry.setUserId(0);
            entry.setGroupId(0);
            entry.setUserName("");
            entry.setGroupName("");
            entry.setLastModifiedTime(FileTime.from(TIME));
            entry.setSize(content.length);
            try {
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        byte[] bytes() {
            try {
                tar.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
