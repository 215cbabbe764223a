package dev.undocker.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All that is below a directory, names with what they stand for. Snapshots of the same output in
/// two places are equal.
///
/// @param names paths below the directory, and a text that differs when anything does
record Snapshot(SortedMap<String, String> names) {
    private static final Pattern LEFTOVER =
            Pattern.compile("\\.[^/]*\\.undocker-[0-9a-f]{8}(/.*)?");

    /// In the settings of a machine: what they were, with the place in it, in Base64.
    private static final Pattern RECORD = Pattern.compile("(?m)^#\\| .*\n");

    /// Files that are no image's have the time at which they were made.
    private static final FileTime RECENT = FileTime.from(Instant.parse("2026-06-01T00:00:00Z"));

    /// @param place whose name may stand in files, as that of the place where they are
    /// @param leftovers whether what the next run removes is shown
    static Snapshot of(Path directory, Path place, boolean leftovers) throws IOException {
        SortedMap<String, String> names = new TreeMap<>();
        Map<Object, String> firstNames = new HashMap<>();
        try (Stream<Path> all = Files.walk(directory).sorted()) {
            for (Path path : (Iterable<Path>) all::iterator) {
                String name = directory.relativize(path).toString();
                if (!name.isEmpty() && (leftovers || !LEFTOVER.matcher(name).matches())) {
                    String first =
                            firstNames.computeIfAbsent(
                                    Files.getAttribute(
                                            path, "unix:fileKey", LinkOption.NOFOLLOW_LINKS),
                                    key -> name);
                    names.put(name, first + " " + shown(path, place));
                }
            }
        }
        return new Snapshot(names);
    }

    private static String shown(Path path, Path place) throws IOException {
        Map<String, Object> found =
                Files.readAttributes(
                        path, "unix:mode,uid,gid,rdev,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        FileTime time = (FileTime) found.get("lastModifiedTime");
        String attributes =
                "%o %s:%s %s"
                        .formatted(
                                found.get("mode"),
                                found.get("uid"),
                                found.get("gid"),
                                time.compareTo(RECENT) > 0 ? "now" : time);
        if (Files.isSymbolicLink(path)) {
            return attributes + " -> " + Files.readSymbolicLink(path);
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return attributes + " " + found.get("rdev");
        }
        String content =
                RECORD.matcher(Files.readString(path, ISO_8859_1))
                        .replaceAll("")
                        .replace(place.toString(), "PLACE");
        return "%s, %d bytes, %08x".formatted(attributes, content.length(), content.hashCode());
    }

    /// True when each name in the directory itself, with all below it, is as in one of the two.
    boolean isMixOf(Snapshot one, Snapshot other) {
        return Stream.of(this, one, other)
                .flatMap(snapshot -> snapshot.names.keySet().stream())
                .map(name -> name.split("/")[0])
                .distinct()
                .allMatch(top ->
                        below(top).equals(one.below(top)) || below(top).equals(other.below(top)));
    }

    private Snapshot below(String top) {
        SortedMap<String, String> found = new TreeMap<>(names);
        found.keySet().removeIf(name -> !name.equals(top) && !name.startsWith(top + "/"));
        return new Snapshot(found);
    }

    /// What differs, a name a line.
    String against(Snapshot other) {
        SortedMap<String, String> all = new TreeMap<>(names);
        other.names.forEach(all::putIfAbsent);
        return all.keySet().stream()
                .filter(name -> !Objects.equals(names.get(name), other.names.get(name)))
                .map(name ->
                        "%s: %s, not %s\n".formatted(name, names.get(name), other.names.get(name)))
                .collect(Collectors.joining());
    }

    static Snapshot empty() {
        return new Snapshot(new TreeMap<>());
    }

    /// Removes everything below a directory.
    static void clear(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                if (!path.equals(directory)) {
                    Files.delete(path);
                }
            }
        } catch (NoSuchFileException e) {
            // nothing to remove
        }
    }
}
