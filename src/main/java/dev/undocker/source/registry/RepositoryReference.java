package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;
import dev.undocker.source.ImageName;
import dev.undocker.source.RepositoryName;

import org.jspecify.annotations.Nullable;

import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An image in a registry, as `docker://` names it. The grammar is that of
/// <https://github.com/distribution/reference/blob/main/regexp.go>; as with `docker pull`, a digest
/// outdoes the tag beside it, and `latest` is meant where there is neither.
///
/// @param repository the repository in its long form
/// @param tag null exactly when there is a digest
/// @param digest of the manifest or index
public record RepositoryReference(
        RepositoryName repository, @Nullable String tag, @Nullable Digest digest) {
    private static final String SLASHES = "//";
    private static final String TRANSPORT = "docker:" + SLASHES;

    /// The longest name of a repository, its host included.
    private static final int LONGEST_NAME = 255;

    private static final Pattern SCHEME = Pattern.compile("https?://");
    private static final Pattern IMAGE_ID = Pattern.compile("[a-f0-9]{64}");
    private static final Pattern TAG = Pattern.compile("\\w[\\w.-]{0,127}");
    private static final Pattern PATH =
            Pattern.compile(repeated("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*", "/"));
    private static final Pattern HOST =
            Pattern.compile(
                    "(?:%s|\\[[a-fA-F0-9:]+])(?::[0-9]{1,5})?"
                            .formatted(repeated("[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*", "\\.")));

    public RepositoryReference {
        if ((tag == null) == (digest == null)) {
            throw new IllegalArgumentException("a tag or a digest");
        }
    }

    private static String repeated(String part, String separator) {
        return "%s(?:%s%s)*".formatted(part, separator, part);
    }

    /// Reads what follows `docker:`.
    ///
    /// @throws UndockerException about a mistake in the command line
    public static RepositoryReference parse(String rest) {
        return parse(TRANSPORT, name("docker:" + rest, rest));
    }

    /// Reads a name as another transport has it.
    ///
    /// @param transport what stands in front of the name, with its colon
    /// @throws UndockerException about a mistake in the command line
    public static RepositoryReference parse(String transport, String words) {
        String text = transport + words;
        ImageName name = ImageName.split(words);
        RepositoryName repository = repository(transport, text, name);
        String tag = Objects.requireNonNullElse(name.tag(), ImageName.DEFAULT_TAG);
        if (!TAG.matcher(tag).matches()) {
            throw refuse(text, tag.isEmpty() ? "no tag after the colon" : tag + ": not a tag");
        }
        Digest digest = name.digest() == null ? null : digest(text, name.digest());
        return new RepositoryReference(repository, digest == null ? tag : null, digest);
    }

    /// The name behind the slashes, unless it is something else altogether.
    private static String name(String text, String rest) {
        int user = rest.lastIndexOf('@', rest.lastIndexOf('/'));
        if (user >= 0) {
            // what is before it may be a password
            throw refuse("docker:" + SLASHES + rest.substring(user + 1), "a name has no user in it")
                    .withHint("give the user with --creds USER");
        }
        if (rest.isEmpty() || rest.equals("/")) {
            throw refuse(text, "no image").withHint(write("NAME:TAG"));
        }
        if (!rest.startsWith(SLASHES)) {
            String name = rest.startsWith("/") ? rest.substring(1) : rest;
            throw refuse(text, "no // in front of the name").withHint(write(name));
        }
        String name = rest.substring(SLASHES.length());
        if (name.isEmpty()) {
            throw refuse(text, "no image").withHint(write("NAME:TAG"));
        }
        Matcher scheme = SCHEME.matcher(name);
        if (scheme.lookingAt()) {
            throw refuse(text, "a URL, not a name").withHint(write(name.substring(scheme.end())));
        }
        if (IMAGE_ID.matcher(name).matches()) {
            throw refuse(text, "registries know no images by ID")
                    .withHint("to choose by digest, " + write("NAME@sha256:" + name));
        }
        return name;
    }

    private static RepositoryName repository(String transport, String text, ImageName name) {
        RepositoryName repository = RepositoryName.of(name.repository());
        String path = repository.path();
        String smallPath = path.toLowerCase(Locale.ROOT);
        if (isOwner(repository.host()) || !path.equals(smallPath)) {
            String small =
                    isOwner(repository.host())
                            ? name.repository().toLowerCase(Locale.ROOT)
                            : new RepositoryName(repository.host(), smallPath).familiar();
            String whole = new ImageName(small, name.tag(), name.digest()).toString();
            throw refuse(text, "the name of a repository has no capital letters")
                    .withHint("write " + transport + whole);
        }
        if (repository.toString().length() > LONGEST_NAME) {
            throw refuse(text, "the name is longer than %d characters".formatted(LONGEST_NAME));
        }
        if (!isHost(repository.host())) {
            throw refuse(text, repository.host() + ": not a host");
        }
        if (!PATH.matcher(path).matches()) {
            throw refuse(text, name.repository() + ": not the name of a repository");
        }
        return repository;
    }

    /// Only a capital letter makes a host of this word. Nobody has such hosts, but many have such
    /// names, and skopeo refuses them too.
    private static boolean isOwner(String host) {
        return host.indexOf('.') < 0
                && host.indexOf(':') < 0
                && !host.equals(host.toLowerCase(Locale.ROOT));
    }

    private static boolean isHost(String host) {
        return HOST.matcher(host).matches() && Origin.of("https", host).isWeb();
    }

    private static Digest digest(String text, String digest) {
        if (digest.isEmpty()) {
            throw refuse(text, "no digest after the @");
        }
        try {
            return Digest.parse(digest);
        } catch (UndockerException e) {
            throw refuse(text, e.sentence());
        }
    }

    private static UndockerException refuse(String text, String reason) {
        return UndockerException.usage("%s: %s".formatted(text, reason));
    }

    private static String write(String name) {
        return "write " + TRANSPORT + name;
    }

    /// The registry as the user means it, with its port if one is named: `docker.io`.
    public String host() {
        return repository.host();
    }

    /// Where the registry's HTTP interface is, with the port if one is named.
    public String apiHost() {
        return repository.apiHost();
    }

    /// The repository's path in the registry: `library/nginx`.
    public String path() {
        return repository.path();
    }

    /// The tag or digest, as it ends the path of a manifest (distribution-spec,
    /// `spec.md#pulling-manifests`).
    public String manifest() {
        return digest == null ? String.valueOf(tag) : digest.toString();
    }

    /// What a token is asked for (<https://distribution.github.io/distribution/spec/auth/scope/>).
    public String scope() {
        return "repository:%s:pull".formatted(path());
    }

    /// Repository and tag or digest in the long form: `docker.io/library/nginx:latest`.
    public String canonical() {
        return repository + (digest == null ? ":" : "@") + manifest();
    }

    /// Repository and tag or digest in Docker's short form.
    public String familiar() {
        return repository.familiar() + (digest == null ? ":" : "@") + manifest();
    }

    /// As the user would write it, in Docker's short form.
    @Override
    public String toString() {
        return TRANSPORT + familiar();
    }
}
