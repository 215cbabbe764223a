package dev.undocker.source;

import java.util.Locale;

/// A repository and the registry that has it, in Docker's long form: `busybox` is short for
/// `docker.io/library/busybox`
/// (<https://github.com/distribution/reference/blob/main/normalize.go>).
///
/// @param host the registry as the user means it, with its port if one is named
/// @param path the repository there
public record RepositoryName(String host, String path) {
    /// Docker Hub, as users name it.
    public static final String HUB = "docker.io";

    private static final String LIBRARY = "library/";

    /// Where Docker Hub's HTTP interface is.
    private static final String HUB_API = "registry-1.docker.io";

    /// A name without tag and digest, short or long. Nothing is checked.
    public static RepositoryName of(String name) {
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        String host = isHost(first) ? first : HUB;
        String path = isHost(first) ? name.substring(slash + 1) : name;
        if (host.equals("index." + HUB)) {
            host = HUB;
        }
        if (host.equals(HUB) && path.indexOf('/') < 0) {
            path = LIBRARY + path;
        }
        return new RepositoryName(host, path);
    }

    /// Only a host has a dot, a port or a capital letter, but for this machine.
    private static boolean isHost(String word) {
        return word.indexOf('.') >= 0
                || word.indexOf(':') >= 0
                || word.equals("localhost")
                || !word.equals(word.toLowerCase(Locale.ROOT));
    }

    /// True when Docker Hub has it.
    public boolean isOnHub() {
        return host.equals(HUB);
    }

    /// Where the registry's HTTP interface is, with the port if one is named.
    public String apiHost() {
        return isOnHub() ? HUB_API : host;
    }

    /// The short form, in which Docker shows names: without the hub's host and library, as far as
    /// what remains means the same.
    public String familiar() {
        String name = path.startsWith(LIBRARY) ? path.substring(LIBRARY.length()) : path;
        if (of(name).equals(this)) {
            return name;
        }
        return of(path).equals(this) ? path : toString();
    }

    /// The long form.
    @Override
    public String toString() {
        return host + "/" + path;
    }
}
