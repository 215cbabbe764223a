package dev.undocker.source.registry;

import dev.undocker.DirectoryListing;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/// What this machine and its user say about registries: mirrors, other places, who is blocked and
/// who need not prove who he is. Read as podman and skopeo read it: containers-registries.conf(5),
/// containers-registries.conf.d(5) and the rules of go.podman.io/image/v5/pkg/sysregistriesv2.
///
/// The user's registries.conf stands instead of the system's and its drop-ins. Without any of these
/// files, reading them is a look at two files and two directories.
public final class RegistriesConf {
    /// Says in the list of credential helpers where the files with credentials have their turn.
    public static final String AUTH_FILES = "containers-auth.json";

    private static final String DROP_IN = ".conf";

    private final Warnings warnings;

    /// In an order that decides between prefixes of one length.
    private final TreeMap<String, RegistryRule> rules = new TreeMap<>();

    private List<String> credentialHelpers = List.of();

    private RegistriesConf(Warnings warnings) {
        this.warnings = warnings;
    }

    /// @param environment `CONTAINERS_REGISTRIES_CONF` names a file that stands instead of
    ///   registries.conf; drop-ins are read beside it
    /// @param etc what is `/etc` on this machine
    /// @throws UndockerException of the form `FILE: line N: why` when a file is not as it must be
    public static RegistriesConf load(
            Function<String, @Nullable String> environment,
            Path home,
            Path etc,
            Warnings warnings) {
        RegistriesConf conf = new RegistriesConf(warnings);
        Path user = home.resolve(".config/containers/registries.conf");
        Path system = etc.resolve("containers/registries.conf");
        String named = environment.apply("CONTAINERS_REGISTRIES_CONF");
        boolean systemCounts = true;
        if (named != null && !named.isEmpty()) {
            if (!conf.read(Path.of(named), false)) {
                throw new UndockerException(
                        "%s: no such file, which CONTAINERS_REGISTRIES_CONF names"
                                .formatted(named));
            }
        } else if (conf.read(user, false)) {
            systemCounts = false;
        } else {
            conf.read(system, false);
        }
        if (systemCounts) {
            conf.readDropIns(system);
        }
        conf.readDropIns(user);
        return conf;
    }

    /// @param main the file to whose name `.d` is added
    private void readDropIns(Path main) {
        Path directory = main.resolveSibling(main.getFileName() + ".d");
        try {
            DirectoryListing.of(directory).stream()
                    .filter(file -> file.getFileName().toString().endsWith(DROP_IN))
                    .filter(file -> !Files.isDirectory(file))
                    .sorted()
                    .forEach(file -> read(file, true));
        } catch (NoSuchFileException | NotDirectoryException e) {
            // most machines have none
        } catch (IOException e) {
            throw UndockerException.because("%s: cannot be read".formatted(directory), e);
        }
    }

    /// False when there is no such file.
    private boolean read(Path file, boolean dropIn) {
        byte[] toml;
        try {
            toml = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw UndockerException.because("%s: cannot be read".formatted(file), e);
        }
        RegistriesFile read = RegistriesFile.parse(file, toml, dropIn, warnings);
        read.rules().forEach(rule -> rules.put(rule.prefix(), rule));
        if (read.credentialHelpers() != null) {
            credentialHelpers = List.copyOf(read.credentialHelpers());
        }
        return true;
    }

    /// Where to ask for an image, in this order: mirrors, then the registry itself.
    ///
    /// @throws UndockerException when it is blocked, and where that is said
    public List<Endpoint> endpoints(RepositoryReference reference) {
        String name = reference.canonical();
        RegistryRule longest = null;
        for (RegistryRule rule : rules.values()) {
            if ((longest == null || rule.prefix().length() > longest.prefix().length())
                    && rule.applies(name)) {
                longest = rule;
            }
        }
        return longest == null
                ? List.of(new Endpoint(reference, false, false))
                : longest.endpoints(reference);
    }

    /// Who is asked for credentials, in this order: names of programs without their
    /// `docker-credential-`, and [#AUTH_FILES], which stands alone when nothing is said.
    public List<String> credentialHelpers() {
        return credentialHelpers.isEmpty() ? List.of(AUTH_FILES) : credentialHelpers;
    }
}
