package dev.undocker.runtime;

import dev.undocker.UndockerException;

import java.util.regex.Pattern;

/// A name that LXC and systemd-machined both take, and that is safe as a file name and a host name:
/// letters, digits, `-` and `.`, a letter or digit at both ends, at most 64 characters
/// (machinectl(1), hostname(7)). None ends as that of a replaced machine.
public record ContainerName(String text) {
    private static final int MAX_LENGTH = 64;
    private static final Pattern VALID =
            Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?");

    /// What the name of a machine ends in that another one has replaced: nobody may take its place.
    private static final String REPLACED = ".previous";

    private static final String FALLBACK = "container";

    /// @throws UndockerException when `text` is no such name; it comes from the command line
    public ContainerName {
        if (!VALID.matcher(text).matches() || text.contains("..")) {
            throw UndockerException.usage(
                            "name %s: not a container's name: letters, digits, - and . only"
                                    .formatted(text))
                    .withHint("choose another one with --name");
        }
        if (text.endsWith(REPLACED)) {
            throw UndockerException.usage(
                            "name %s: ends in %s, as that of a replaced machine does"
                                    .formatted(text, REPLACED))
                    .withHint("choose another one with --name");
        }
    }

    /// The closest name to an image's: `docker.io/library/nginx:1.25` is `nginx-1.25`. The tag
    /// `latest` and digests are left out.
    public static ContainerName ofImage(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        int digest = last.indexOf('@');
        String tagged = digest < 0 ? last : last.substring(0, digest);
        String named =
                tagged.endsWith(":latest") ? tagged.substring(0, tagged.length() - 7) : tagged;
        String plain = trimmed(named.replaceAll("[^A-Za-z0-9.]+", "-").replaceAll("\\.{2,}", "."));
        String cut = plain.length() > MAX_LENGTH ? trimmed(plain.substring(0, MAX_LENGTH)) : plain;
        String own = cut.endsWith(REPLACED) ? cut.replaceAll("[.](?=previous$)", "-") : cut;
        return new ContainerName(own.isEmpty() ? FALLBACK : own);
    }

    private static String trimmed(String name) {
        return name.replaceAll("^[.-]+|[.-]+$", "");
    }

    @Override
    public String toString() {
        return text;
    }
}
