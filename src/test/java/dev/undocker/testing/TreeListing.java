package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/// A tree on disk as a [Listing], read by find, stat, cat and getfattr: independent of the product,
/// and names stay bytes whatever the locale is. The whole tree has to fit into memory.
public final class TreeListing {
    private static final HexFormat HEX = HexFormat.of();

    private final Path root;
    private final Map<String, List<Xattr>> xattrs = new HashMap<>();
    private final Map<String, String> devices = new HashMap<>();
    private final Map<String, byte[]> contents = new HashMap<>();
    private final Map<String, Listing.Shown> inodes = new HashMap<>();

    private TreeListing(Path root) {
        this.root = root;
    }

    public static Listing of(Path root) throws IOException, InterruptedException {
        Requirements.tools("find", "stat", "getfattr");
        TreeListing tree = new TreeListing(root);
        tree.readXattrs();
        tree.readDevices();
        tree.readContents();
        return tree.listing();
    }

    private Listing listing() throws IOException, InterruptedException {
        Listing listing = new Listing();
        String[] fields =
                output("find . -printf '%y %m %U %G %T@ %D:%i\\0%l\\0%P\\0'").split("\0", -1);
        for (int i = 0; i + 2 < fields.length; i += 3) {
            String[] words = fields[i].split(" ");
            String path = fields[i + 2];
            String link = fields[i + 1];
            Listing.Shown shown =
                    inodes.computeIfAbsent(words[5], inode -> shown(words, link, path));
            listing.add(RootfsPath.of(path.getBytes(ISO_8859_1)), shown);
        }
        return listing;
    }

    private Listing.Shown shown(String[] words, String link, String path) {
        char type = words[0].charAt(0);
        // whole seconds rounded down, then nanoseconds, also before 1970
        String[] time = words[4].split("\\.");
        Metadata metadata =
                new Metadata(
                        Integer.parseInt(words[1], 8),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(time[0]),
                        Integer.parseInt(time[1].substring(0, 9)),
                        xattrs.getOrDefault(path, List.of()));
        return switch (type) {
            case 'f' -> Listing.shown('f', " " + Listing.quoted(contents.get(path)), metadata);
            case 'l' ->
                    Listing.shown(
                            'l',
                            " -> " + RootfsPath.printable(link.getBytes(ISO_8859_1)),
                            metadata);
            case 'c', 'b' -> Listing.shown(type, " " + devices.get(path), metadata);
            default -> Listing.shown(type, "", metadata);
        };
    }

    private void readContents() throws IOException, InterruptedException {
        String all = output("find . -type f -printf '%s %P\\0'");
        byte[] bytes = bytes("find . -type f -print0 | xargs -0 -r cat");
        int at = 0;
        for (String file : lines(all)) {
            int blank = file.indexOf(' ');
            int size = Integer.parseInt(file.substring(0, blank));
            contents.put(file.substring(blank + 1), Arrays.copyOfRange(bytes, at, at + size));
            at += size;
        }
    }

    private void readDevices() throws IOException, InterruptedException {
        String all =
                output(
                        "find . \\( -type b -o -type c \\) -print0"
                                + " | xargs -0 -r stat --printf '%t %T %n\\0'");
        for (String device : lines(all)) {
            String[] words = device.split(" ", 3);
            devices.put(
                    words[2].substring("./".length()),
                    HexFormat.fromHexDigits(words[0]) + ":" + HexFormat.fromHexDigits(words[1]));
        }
    }

    /// getfattr writes `# file: NAME`, then `KEY=0xVALUE` lines; odd bytes of names as `\ooo`.
    private void readXattrs() throws IOException, InterruptedException {
        String path = "";
        for (String line : output("getfattr -R -P -h -d -m - -e hex .").split("\n")) {
            if (line.startsWith("# file: ")) {
                String name = unescaped(line.substring("# file: ".length()));
                path = name.equals(".") ? "" : name.startsWith("./") ? name.substring(2) : name;
            } else if (!line.isEmpty()) {
                int equals = line.indexOf('=');
                String key = unescaped(equals < 0 ? line : line.substring(0, equals));
                byte[] value = equals < 0 ? new byte[0] : HEX.parseHex(line.substring(equals + 3));
                List<Xattr> list = xattrs.computeIfAbsent(path, p -> new ArrayList<>());
                list.add(new Xattr(key.getBytes(ISO_8859_1), value));
                list.sort(Comparator.comparing(Xattr::name, Arrays::compareUnsigned));
            }
        }
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                c = (char) Integer.parseInt(text.substring(i + 1, i + 4), 8);
                i += 3;
            }
            plain.append(c);
        }
        return plain.toString();
    }

    private static List<String> lines(String zeroTerminated) {
        return zeroTerminated.isEmpty() ? List.of() : List.of(zeroTerminated.split("\0"));
    }

    private String output(String script) throws IOException, InterruptedException {
        return new String(bytes(script), ISO_8859_1);
    }

    private byte[] bytes(String script) throws IOException, InterruptedException {
        Undocker.Result result =
                Undocker.program(Path.of("/bin/sh"), "-c", script)
                        .in(root)
                        .with("LC_ALL", "C")
                        .run();
        if (result.exitCode() != 0) {
            throw new IOException(script + ": " + result.errors());
        }
        return result.output();
    }
}
