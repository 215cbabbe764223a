package dev.undocker.source.registry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.toml.TomlFactory;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// What one file says in the format of containers-registries.conf(5), whose keys are found and
/// whose mistakes are refused as go.podman.io/image/v5/pkg/sysregistriesv2 does it.
///
/// @param rules of a prefix that stands in the file more than once, the first
/// @param credentialHelpers null when the file does not say
record RegistriesFile(List<RegistryRule> rules, @Nullable List<String> credentialHelpers) {
    /// What a file of version 2 may set; beside these the lists of version 1 are refused.
    private static final List<String> VERSION_2 =
            List.of(
                    "registry",
                    "unqualified-search-registries",
                    "credential-helpers",
                    "short-name-mode",
                    "additional-layer-store-auth-helper",
                    "aliases");

    private static final Pattern URI = Pattern.compile("https?://.*");

    private static final Pattern WILDCARD = Pattern.compile("\\*\\.[^/@:]+");

    /// @param dropIn only version 2 of the format is allowed
    static RegistriesFile parse(Path file, byte[] toml, boolean dropIn, Warnings warnings) {
        JsonDocument document = document(file, toml, warnings);
        JsonDocument lists = document.get("registries");
        if (lists != null && List.of("search", "insecure", "block").stream().anyMatch(lists::has)) {
            if (dropIn) {
                throw document.refuse(
                        "version 1 of the format, which only registries.conf may use");
            }
            if (VERSION_2.stream().anyMatch(document::has)) {
                throw document.refuse("mixes versions 1 and 2 of the format");
            }
            return new RegistriesFile(firstVersion(file, lists), null);
        }
        List<String> helpers =
                document.has("credential-helpers") ? document.strings("credential-helpers") : null;
        return new RegistriesFile(rules(file, document.elements("registry"), warnings), helpers);
    }

    private static JsonDocument document(Path file, byte[] toml, Warnings warnings) {
        try (JsonParser parser = new TomlFactory().createParser(toml)) {
            return JsonDocument.of(file.toString(), parser, warnings);
        } catch (JsonProcessingException e) {
            throw new UndockerException(
                    "%s: line %d: %s"
                            .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
                    e);
        } catch (IOException e) {
            throw UndockerException.because("%s: not valid TOML".formatted(file), e);
        }
    }

    /// Version 1 lists names of registries.
    private static List<RegistryRule> firstVersion(Path file, JsonDocument lists) {
        Map<String, Boolean> blocked = new LinkedHashMap<>();
        registries(lists, "block").forEach(name -> blocked.put(name, true));
        List<String> insecure = registries(lists, "insecure");
        insecure.forEach(name -> blocked.putIfAbsent(name, false));
        List<RegistryRule> rules = new ArrayList<>();
        blocked.forEach((name, block) ->
                rules.add(
                        new RegistryRule(
                                file, name, name, insecure.contains(name), block, List.of())));
        return rules;
    }

    private static List<String> registries(JsonDocument lists, String key) {
        JsonDocument list = lists.get(key);
        return list == null
                ? List.of()
                : list.elements("registries").stream().map(RegistriesFile::location).toList();
    }

    private static List<RegistryRule> rules(
            Path file, List<JsonDocument> tables, Warnings warnings) {
        Map<String, RegistryRule> byPrefix = new LinkedHashMap<>();
        Map<String, RegistryRule> byLocation = new HashMap<>();
        for (JsonDocument table : tables) {
            RegistryRule rule = rule(file, table, warnings);
            String location = rule.location().isEmpty() ? rule.prefix() : rule.location();
            RegistryRule other = byLocation.putIfAbsent(location, rule);
            if (other != null
                    && (other.insecure() != rule.insecure() || other.blocked() != rule.blocked())) {
                throw table.refuse(
                        "%s is insecure or blocked here, and not in a table above"
                                .formatted(location));
            }
            byPrefix.putIfAbsent(rule.prefix(), rule);
        }
        return List.copyOf(byPrefix.values());
    }

    private static RegistryRule rule(Path file, JsonDocument table, Warnings warnings) {
        String location = location(table, "location");
        String said = location(table, "prefix");
        String prefix = said.isEmpty() ? location : said;
        if (prefix.isEmpty()) {
            throw table.refuse("neither a prefix nor a location");
        }
        boolean wildcard = prefix.startsWith("*.");
        if (wildcard && !WILDCARD.matcher(prefix).matches()) {
            throw table.refuse("the prefix %s is not of the form *.example.com".formatted(prefix));
        }
        if (!wildcard && location.isEmpty()) {
            throw table.refuse("a prefix without a location");
        }
        if (table.has("pull-from-mirror")) {
            throw table.refuse("pull-from-mirror belongs to a mirror");
        }
        boolean byDigest = table.flag("mirror-by-digest-only");
        List<Mirror> mirrors = new ArrayList<>();
        for (JsonDocument mirror : table.elements("mirror")) {
            mirrors.add(mirror(mirror, byDigest));
            warnOfProxy(file, mirror, warnings);
        }
        warnOfProxy(file, table, warnings);
        return new RegistryRule(
                file, prefix, location, table.flag("insecure"), table.flag("blocked"), mirrors);
    }

    private static Mirror mirror(JsonDocument mirror, boolean byDigest) {
        String location = location(mirror, "location");
        if (location.isEmpty()) {
            throw mirror.refuse("no location");
        }
        String use = mirror.string("pull-from-mirror");
        if (byDigest && use != null) {
            throw mirror.refuse("pull-from-mirror beside the registry's mirror-by-digest-only");
        }
        return new Mirror(
                location,
                mirror.flag("insecure"),
                switch (use) {
                    case null -> byDigest ? Mirror.Use.DIGEST_ONLY : Mirror.Use.ALL;
                    case "all" -> Mirror.Use.ALL;
                    case "digest-only" -> Mirror.Use.DIGEST_ONLY;
                    case "tag-only" -> Mirror.Use.TAG_ONLY;
                    default -> throw mirror.refuse("pull-from-mirror: unknown: %s".formatted(use));
                });
    }

    private static void warnOfProxy(Path file, JsonDocument table, Warnings warnings) {
        if (table.has("proxy")) {
            warnings.warn(
                    "%s: the proxy of %s is not used: only the environment is asked for one"
                            .formatted(file, location(table, "location")));
        }
    }

    /// A place without the slashes at its end; empty when it is not there.
    private static String location(JsonDocument table, String key) {
        JsonDocument location = table.get(key);
        return location == null ? "" : location(location);
    }

    private static String location(JsonDocument value) {
        String location = value.string();
        if (URI.matcher(location).matches()) {
            throw value.refuse("%s: a scheme is not supported here".formatted(location));
        }
        int end = location.length();
        while (end > 0 && location.charAt(end - 1) == '/') {
            end--;
        }
        return location.substring(0, end);
    }
}
