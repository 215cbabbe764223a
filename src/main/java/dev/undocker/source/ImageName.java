package dev.undocker.source;

import org.jspecify.annotations.Nullable;

/// A name of an image as Docker understands it, `REPOSITORY[:TAG][@DIGEST]`, in its three parts.
/// Nothing is checked.
public record ImageName(String repository, @Nullable String tag, @Nullable String digest) {
    /// The tag that is meant when neither tag nor digest is named.
    public static final String DEFAULT_TAG = "latest";

    public static ImageName split(String text) {
        int at = text.indexOf('@');
        String name = at < 0 ? text : text.substring(0, at);
        String digest = at < 0 ? null : text.substring(at + 1);
        int colon = name.lastIndexOf(':');
        return colon <= name.lastIndexOf('/')
                ? new ImageName(name, null, digest)
                : new ImageName(name.substring(0, colon), name.substring(colon + 1), digest);
    }

    /// The long form of a name, for comparison only.
    public static String normalize(String text) {
        ImageName name = split(text);
        return new ImageName(
                        RepositoryName.of(name.repository).toString(),
                        name.tag == null && name.digest == null ? DEFAULT_TAG : name.tag,
                        name.digest)
                .toString();
    }

    /// The short form of a long name, in which Docker shows it; any other name as it is.
    public static String shorten(String text) {
        ImageName name = split(text);
        return name.repository.startsWith(RepositoryName.HUB + "/")
                ? new ImageName(
                                RepositoryName.of(name.repository).familiar(),
                                name.tag,
                                name.digest)
                        .toString()
                : text;
    }

    /// The parts in one again.
    @Override
    public String toString() {
        return repository + (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }
}
