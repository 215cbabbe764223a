package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A file that keeps credentials: containers-auth.json(5), or Docker's `config.json`, which has the
/// same form.
///
/// @param form how it is written
/// @param chosen true when the user named it, so that it must not be broken; with a customary file
///   that is only said, since the image may be public
record AuthFile(Path path, Form form, boolean chosen) {
    enum Form {
        /// `{"auths": {REGISTRY: ENTRY}, "credHelpers": {REGISTRY: NAME}, "credsStore": NAME}`.
        CURRENT,

        /// `{REGISTRY: ENTRY}`, as in `~/.dockercfg`.
        LEGACY
    }

    /// What it says, in the parts that matter here.
    ///
    /// @param auths the entries; null when there are none
    /// @param keys the entries' keys
    /// @param helpers names of programs by registry
    /// @param store name of the program for all other registries
    private record Contents(
            @Nullable JsonDocument auths,
            List<String> keys,
            Map<String, String> helpers,
            @Nullable String store) {}

    /// What the file has for a repository: from the helper of its registry and from nowhere else,
    /// or from the helper for all registries, or from itself.
    ///
    /// @param warnings hears of entries that make no sense
    /// @return null when that is nothing
    /// @throws UndockerException when a helper fails
    @Nullable Credentials find(RegistryKeys keys, CredentialPrograms programs, Warnings warnings) {
        Contents contents = contents(warnings);
        if (contents == null) {
            return null;
        }
        String helper = helper(contents, keys);
        if (helper != null && !helper.isEmpty()) {
            return programs.require(path + ": credHelpers", helper).find(keys);
        }
        // An empty name excepts its registry from the helper for all (docker/cli).
        if (helper == null && contents.store != null) {
            Credentials stored = askStore(contents.store, keys, programs, warnings);
            if (stored != null) {
                return stored;
            }
        }
        return entry(contents, keys, warnings);
    }

    private static @Nullable String helper(Contents contents, RegistryKeys keys) {
        Map<String, String> helpers = contents.helpers;
        List<String> fitting = keys.registry(List.copyOf(helpers.keySet()));
        return fitting.isEmpty() ? null : helpers.get(fitting.getFirst());
    }

    /// Podman and skopeo know no such helper, so where there is none the rest may do.
    private @Nullable Credentials askStore(
            String name, RegistryKeys keys, CredentialPrograms programs, Warnings warnings) {
        String place = path + ": credsStore";
        CredentialProgram program = programs.find(place, name);
        if (program == null) {
            warnings.warn(CredentialPrograms.missing(place, name));
            return null;
        }
        return program.find(keys);
    }

    private @Nullable Credentials entry(Contents contents, RegistryKeys keys, Warnings warnings) {
        List<String> fitting =
                switch (form) {
                    case CURRENT -> keys.repository(contents.keys);
                    case LEGACY -> keys.legacy(contents.keys);
                };
        for (String key : fitting) {
            try {
                JsonDocument entry = contents.auths == null ? null : contents.auths.get(key);
                Credentials found = entry == null ? null : AuthEntry.read(entry);
                if (found != null) {
                    return found;
                }
            } catch (UndockerException e) {
                warnings.warn(e.sentence());
            }
        }
        return null;
    }

    private @Nullable Contents contents(Warnings warnings) {
        try {
            byte[] bytes = read();
            return isBlank(bytes)
                    ? null
                    : contents(SecretDocument.parse(path.toString(), bytes, warnings));
        } catch (UndockerException e) {
            if (chosen) {
                throw e;
            }
            warnings.warn(e.sentence());
            return null;
        }
    }

    private Contents contents(JsonDocument document) {
        boolean legacy = form == Form.LEGACY;
        JsonDocument auths = legacy ? document : document.get("auths");
        return new Contents(
                auths,
                auths == null ? List.of() : auths.keys(),
                legacy ? Map.of() : document.stringMap("credHelpers"),
                legacy ? null : document.string("credsStore"));
    }

    /// Empty when there is no such file: `/dev/null` is how some say that there is none.
    private byte[] read() {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(JsonDocument.LIMIT + 1);
            if (bytes.length > JsonDocument.LIMIT) {
                throw new UndockerException(
                        "%s: more than the %d bytes that are read"
                                .formatted(path, JsonDocument.LIMIT));
            }
            return bytes;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return new byte[0];
        } catch (IOException e) {
            throw UndockerException.because(path + ": cannot be read", e);
        }
    }

    private static boolean isBlank(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).isBlank();
    }
}
