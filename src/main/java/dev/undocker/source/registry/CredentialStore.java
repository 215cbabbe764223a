package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.source.CurrentUser;
import dev.undocker.source.RepositoryName;

import org.jspecify.annotations.Nullable;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Finds out who the user is to a registry, where podman, skopeo and docker keep it after `login`
/// (containers-auth.json(5); <https://docs.docker.com/reference/cli/docker/login/>). The first file
/// that has something for a repository decides. Thread-safe.
public final class CredentialStore {
    private static final String AUTH_JSON = "containers/auth.json";

    private final Function<String, @Nullable String> environment;
    private final Path home;
    private final @Nullable Path authFile;
    private final @Nullable Credentials given;
    private final List<String> helpers;
    private final Warnings warnings;

    /// @param environment the value of a variable; null when it is not set
    /// @param home the user's home directory
    /// @param authFile the only file to look into, which must exist; null when the user named none
    /// @param given what the user wants to be; null to look it up
    /// @param helpers who is asked, in this order: see [RegistriesConf#credentialHelpers]
    /// @param warnings hears of files and entries that are passed over; nothing secret is said
    public CredentialStore(
            Function<String, @Nullable String> environment,
            Path home,
            @Nullable Path authFile,
            @Nullable Credentials given,
            List<String> helpers,
            Warnings warnings) {
        this.environment = environment;
        this.home = home;
        this.authFile = authFile;
        this.given = given;
        this.helpers = List.copyOf(helpers);
        this.warnings = warnings;
    }

    /// The user's credentials for a repository. A helper may run, and ask the user something.
    ///
    /// @throws UndockerException when nobody has any, and a file that the user named is broken or a
    ///   helper fails
    public Credentials find(RepositoryName repository) {
        if (given != null) {
            return given;
        }
        RegistryKeys keys = new RegistryKeys(repository);
        CredentialPrograms programs = new CredentialPrograms(variable("PATH"), warnings);
        UndockerException failure = null;
        for (String helper : helpers) {
            try {
                Credentials found =
                        helper.equals(RegistriesConf.AUTH_FILES)
                                ? inFiles(keys, programs)
                                : programs.require("registries.conf: credential-helpers", helper)
                                        .find(keys);
                if (found != null) {
                    return found;
                }
            } catch (UndockerException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return new Credentials.Anonymous();
    }

    private @Nullable Credentials inFiles(RegistryKeys keys, CredentialPrograms programs) {
        for (AuthFile file : files()) {
            Credentials found = file.find(keys, programs, warnings);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /// In the order of skopeo.
    private List<AuthFile> files() {
        if (authFile != null) {
            if (!Files.exists(authFile)) {
                throw new UndockerException(authFile + ": no such file or directory");
            }
            return List.of(new AuthFile(authFile, AuthFile.Form.CURRENT, true));
        }
        String named = variable("REGISTRY_AUTH_FILE");
        if (named != null) {
            return List.of(new AuthFile(Path.of(named), AuthFile.Form.CURRENT, true));
        }
        return customary();
    }

    private List<AuthFile> customary() {
        List<AuthFile> files = new ArrayList<>();
        for (Path path :
                List.of(
                        runtimeFile(),
                        directory("XDG_CONFIG_HOME", ".config").resolve(AUTH_JSON),
                        directory("DOCKER_CONFIG", ".docker").resolve("config.json"))) {
            files.add(new AuthFile(path, AuthFile.Form.CURRENT, false));
        }
        files.add(new AuthFile(home.resolve(".dockercfg"), AuthFile.Form.LEGACY, false));
        return files;
    }

    /// What is gone after a restart, which is where `podman login` writes.
    private Path runtimeFile() {
        String directory = variable("XDG_RUNTIME_DIR");
        return directory == null
                ? Path.of("/run/containers", CurrentUser.id(), "auth.json")
                : Path.of(directory, AUTH_JSON);
    }

    private Path directory(String variable, String standard) {
        String directory = variable(variable);
        return directory == null ? home.resolve(standard) : Path.of(directory);
    }

    /// An empty variable counts as none.
    private @Nullable String variable(String name) {
        String value = environment.apply(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
