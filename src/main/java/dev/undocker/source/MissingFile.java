package dev.undocker.source;

import dev.undocker.UndockerException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the user may have meant by the name of a file that is not there.
final class MissingFile {
    /// One of a registry or of Docker Hub's pages, or of an archive.
    private static final Pattern URL =
            Pattern.compile(
                    "https?://(hub\\.docker\\.com/(_|r)/)?"
                            + "(?<name>.*?(?<archive>\\.(tar|tgz|txz|tzst|gz|xz|zst))?)/?");

    /// A name as registries have them, which no archive's file name is
    /// (<https://github.com/distribution/reference>).
    private static final Pattern NAME =
            Pattern.compile(
                    "(?!.*\\.(tar|tgz|txz|tzst|gz|xz|zst)$)"
                            + "[a-z0-9][a-z0-9._:-]*(/[a-z0-9._-]+)*(:[\\w.-]+)?(@\\w+:\\w+)?");

    private MissingFile() {}

    /// That it is not there, with a hint where its name looks like something else: a name in a
    /// registry, a URL, or a path with a tag.
    static UndockerException failure(FileReference reference) {
        String location = reference.location();
        UndockerException failure =
                new UndockerException("%s: no such file or directory".formatted(location));
        if (!reference.isDetected()) {
            return failure;
        }
        Matcher url = URL.matcher(location);
        if (url.matches()) {
            return failure.withHint(
                    url.group("archive") == null
                            ? "in a registry? write docker://" + url.group("name")
                            : "download it first: curl -O " + location);
        }
        for (int colon = location.indexOf(':');
                colon > 0;
                colon = location.indexOf(':', colon + 1)) {
            Path path = Path.of(location.substring(0, colon));
            if (Files.exists(path)) {
                String transport = Files.isDirectory(path) ? "oci:" : "docker-archive:";
                return failure.withHint("write %s%s".formatted(transport, location));
            }
        }
        return NAME.matcher(location).matches()
                ? failure.withHint("in a registry? write docker://" + location)
                : failure;
    }
}
