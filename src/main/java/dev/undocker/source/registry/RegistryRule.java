package dev.undocker.source.registry;

import dev.undocker.UndockerException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// A `[[registry]]` table of registries.conf: what it says about the repositories below a prefix.
///
/// @param file where it stands
/// @param prefix begins the names it applies to, or `*.` and a domain
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
    private static final Pattern HOST =
            Pattern.compile(
                    "localhost|(?=.*[.:])(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]+)?");

    private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");

    RegistryRule {
        mirrors = List.copyOf(mirrors);
    }

    boolean isWildcard() {
        return prefix.startsWith("*.");
    }

    /// @param name host, port and path
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

    /// Where to ask for a repository that this applies to, in this order.
    ///
    /// @throws UndockerException when it may not be asked for
    List<Endpoint> endpoints(String name, boolean byDigest) {
        if (blocked) {
            throw new UndockerException("%s: blocked: %s is, in %s".formatted(name, prefix, file));
        }
        List<Endpoint> endpoints = new ArrayList<>();
        for (Mirror mirror : mirrors) {
            if (mirror.use().allows(byDigest)) {
                endpoints.add(endpoint(name, mirror.location(), mirror.insecure(), true));
            }
        }
        endpoints.add(endpoint(name, location, insecure, false));
        return endpoints;
    }

    private Endpoint endpoint(String name, String location, boolean insecure, boolean mirror) {
        String moved = location.isEmpty() ? name : location + name.substring(matched(name));
        int slash = moved.indexOf('/');
        String host = slash < 0 ? moved : moved.substring(0, slash);
        String path = slash < 0 ? "" : moved.substring(slash + 1);
        if (!HOST.matcher(host).matches() || !PATH.matcher(path).matches()) {
            throw new UndockerException(
                    "%s: %s becomes %s, which is no host and repository"
                            .formatted(file, name, moved));
        }
        return new Endpoint(host, path, insecure, mirror);
    }
}
