package dev.undocker.source;

import java.util.Locale;

/// Names of images as Docker understands them: `busybox` is short for
/// `docker.io/library/busybox:latest`
/// (<https://github.com/distribution/reference/blob/main/normalize.go>).
public final class ImageName {
    private static final String HUB = "docker.io";

    private ImageName() {}

    /// The long form of a name, for comparison only: nothing is checked.
    public static String normalize(String name) {
        int at = name.indexOf('@');
        String repository = at < 0 ? name : name.substring(0, at);
        String suffix = at < 0 ? "" : name.substring(at);
        int colon = tagColon(repository);
        if (colon >= 0) {
            suffix = repository.substring(colon) + suffix;
            repository = repository.substring(0, colon);
        } else if (suffix.isEmpty()) {
            suffix = ":latest";
        }
        int slash = repository.indexOf('/');
        String host = slash < 0 ? "" : repository.substring(0, slash);
        String path = repository.substring(slash + 1);
        if (!isHost(host)) {
            host = HUB;
            path = repository;
        }
        if (host.equals("index." + HUB)) {
            host = HUB;
        }
        if (host.equals(HUB) && path.indexOf('/') < 0) {
            path = "library/" + path;
        }
        return host + "/" + path + suffix;
    }

    /// The short form, in which Docker shows names: without the hub's host and library.
    public static String shorten(String name) {
        String path = withoutPrefix(name, HUB + "/");
        return path.equals(name) ? name : withoutPrefix(path, "library/");
    }

    private static String withoutPrefix(String name, String prefix) {
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    /// The tag of a name; empty when it has none.
    public static String tag(String name) {
        int colon = tagColon(name);
        return colon < 0 ? "" : name.substring(colon + 1);
    }

    private static int tagColon(String name) {
        int colon = name.lastIndexOf(':');
        return colon > name.lastIndexOf('/') ? colon : -1;
    }

    private static boolean isHost(String word) {
        return word.indexOf('.') >= 0
                || word.indexOf(':') >= 0
                || word.equals("localhost")
                || !word.equals(word.toLowerCase(Locale.ROOT));
    }
}
