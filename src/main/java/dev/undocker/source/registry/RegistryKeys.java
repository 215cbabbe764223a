package dev.undocker.source.registry;

import dev.undocker.source.RepositoryName;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Under which names credentials for one repository are kept, by `docker login` and `podman login`
/// of today and of old (containers-auth.json(5)).
final class RegistryKeys {
    /// What Docker calls its hub where credentials are kept.
    private static final String HUB_KEY = "https://index.docker.io/v1/";

    private static final Set<String> HUB_HOSTS =
            Set.of(RepositoryName.HUB, "index.docker.io", "registry-1.docker.io");

    private final RepositoryName repository;

    RegistryKeys(RepositoryName repository) {
        this.repository = repository;
    }

    /// The names by which a credential helper is asked for the registry, the likeliest first:
    /// Docker's own, then the one that podman and skopeo use.
    List<String> servers() {
        return isHub(host()) ? List.of(HUB_KEY, RepositoryName.HUB) : List.of(host());
    }

    /// Those of `present` that mean the registry, the best first.
    List<String> registry(List<String> present) {
        return ordered(servers(), present, false);
    }

    /// Those of `present` that mean the repository, one of the namespaces around it or the
    /// registry, the narrowest first.
    List<String> repository(List<String> present) {
        List<String> wanted = new ArrayList<>();
        String name = repository.toString();
        for (int end = name.length(); end >= 0; end = name.lastIndexOf('/', end - 1)) {
            wanted.add(name.substring(0, end));
        }
        wanted.addAll(servers());
        return ordered(wanted, present, false);
    }

    /// Those of `present`, the keys of a `~/.dockercfg`, that mean the registry.
    List<String> legacy(List<String> present) {
        return ordered(servers(), present, true);
    }

    private List<String> ordered(List<String> wanted, List<String> present, boolean legacy) {
        Set<String> keys = new LinkedHashSet<>(wanted);
        keys.retainAll(present);
        present.stream().filter(key -> isHere(host(key, legacy))).forEach(keys::add);
        return List.copyOf(keys);
    }

    private boolean isHere(String host) {
        return host.equals(host()) || (isHub(host) && isHub(host()));
    }

    /// The host of a key that may be a URL. Otherwise a slash begins a namespace, for which there
    /// was nothing in `~/.dockercfg` yet.
    private static String host(String key, boolean legacy) {
        String name = withoutScheme(key);
        int slash = legacy || name.length() < key.length() ? name.indexOf('/') : -1;
        return slash < 0 ? name : name.substring(0, slash);
    }

    private static String withoutScheme(String key) {
        int end =
                key.startsWith("http://") || key.startsWith("https://") ? key.indexOf('/') + 2 : 0;
        return key.substring(end);
    }

    private String host() {
        return repository.host();
    }

    private static boolean isHub(String host) {
        return HUB_HOSTS.contains(host);
    }
}
