package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;
import dev.undocker.source.RepositoryName;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A `[[registry]]` table of registries.conf: what it says about the images below a prefix.
///
/// @param file where it stands
/// @param prefix begins the names it applies to, or is one with its tag or digest, or `*.` and a
///   domain
/// @param location stands for the prefix; empty when a wildcard leaves the name as it is
/// @param mirrors are asked before it, in this order
record RegistryRule(
        Path file,
        String prefix,
        String location,
        boolean insecure,
        boolean blocked,
        List<Mirror> mirrors) {
    /// What the reference grammar takes for a host and no path (distribution/reference).
    private static final String HOST =
            "(?<host>localhost|(?=[^/]*[.:])(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]+)?)";

    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String PATH = "(?<path>%1$s(?:/%1$s)*)".formatted(COMPONENT);
    private static final Pattern NAME =
            Pattern.compile(
                    HOST
                            + "/"
                            + PATH
                            + "(?::(?<tag>\\w[\\w.-]{0,127})|@(?<digest>sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}))?");

    RegistryRule {
        mirrors = List.copyOf(mirrors);
    }

    boolean isWildcard() {
        return prefix.startsWith("*.");
    }

    /// @param name in the long form
    boolean applies(String name) {
        return matched(name) >= 0;
    }

    /// How much of a name the prefix stands for, -1 when the rule is not about it.
    private int matched(String name) {
        int end;
        if (isWildcard()) {
            end = endOfDomain(name);
            if (!name.substring(0, end).endsWith(prefix.substring(1))) {
                return -1;
            }
        } else {
            end = prefix.length();
            if (!name.startsWith(prefix)) {
                return -1;
            }
        }
        return end == name.length() || ":/@".indexOf(name.charAt(end)) >= 0 ? end : -1;
    }

    private static int endOfDomain(String name) {
        int end = 0;
        while (end < name.length() && ":/".indexOf(name.charAt(end)) < 0) {
            end++;
        }
        return end;
    }

    /// Where to ask for an image that this applies to, in this order.
    ///
    /// @throws UndockerException when it may not be asked for
    List<Endpoint> endpoints(RepositoryReference reference) {
        if (blocked) {
            throw new UndockerException(
                    "%s: blocked: %s is, in %s".formatted(reference.repository(), prefix, file));
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            if (mirror.use().allows(reference.digest() != null)) {
                endpoints.add(
                        new Endpoint(moved(reference, mirror.location()), mirror.insecure(), true));
            }
        }
        endpoints.add(new Endpoint(moved(reference, location), insecure, false));
        return endpoints;
    }

    private RepositoryReference moved(RepositoryReference reference, String location) {
        String name = reference.canonical();
        String moved = location.isEmpty() ? name : location + name.substring(matched(name));
        Matcher parts = NAME.matcher(moved);
        if (!parts.matches() || !Origin.of("https", parts.group("host")).isWeb()) {
            throw refuse(name, moved, "no host and repository");
        }
        RepositoryName repository = new RepositoryName(parts.group("host"), parts.group("path"));
        String tag = parts.group("tag");
        Digest digest = parts.group("digest") == null ? null : Digest.parse(parts.group("digest"));
        if (tag == null && digest == null) {
            // the prefix had it, and the location has none
            return new RepositoryReference(repository, reference.tag(), reference.digest());
        }
        if (reference.digest() != null && !reference.digest().equals(digest)) {
            throw refuse(name, moved, "another image");
        }
        return new RepositoryReference(repository, tag, digest);
    }

    private UndockerException refuse(String name, String moved, String what) {
        return new UndockerException(
                "%s: %s becomes %s, which is %s".formatted(file, name, moved, what));
    }
}
