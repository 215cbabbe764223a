package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.testing.FailingDirectory;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class RegistriesConfTest {
    private static final String DIGEST =
            "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String DIGEST_ONLY = "pull-from-mirror = 'digest-only'";
    private static final String TAG_ONLY = "pull-from-mirror = 'tag-only'";

    @TempDir Path directory;

    private Path home;
    private Path etc;
    private Path user;
    private Path system;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void places() {
        home = directory.resolve("home");
        etc = directory.resolve("etc");
        user = home.resolve(".config/containers/registries.conf");
        system = etc.resolve("containers/registries.conf");
    }

    private static void write(Path file, String toml) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, toml);
    }

    /// A drop-in that blocks one registry or, with false, names it without saying anything.
    private static void drop(Path main, String name, String registry, boolean blocked)
            throws IOException {
        write(
                main.resolveSibling("registries.conf.d").resolve(name),
                "[[registry]]\nlocation = '%s'\nblocked = %s\n".formatted(registry, blocked));
    }

    private RegistriesConf load(Map<String, String> environment) {
        return RegistriesConf.load(environment::get, home, etc, warnings::add);
    }

    private RegistriesConf load() {
        return load(Map.of());
    }

    private RegistriesConf system(String toml) throws IOException {
        write(system, toml);
        return load();
    }

    private static Endpoint itself(String name) {
        return new Endpoint(named(name), false, false);
    }

    private static RepositoryReference named(String name) {
        return RepositoryReference.parse("//" + name);
    }

    private static List<Endpoint> endpoints(RegistriesConf conf, String name) {
        return conf.endpoints(named(name));
    }

    /// The long names, which say `latest` where nothing is said.
    private static List<String> asked(RegistriesConf conf, String name) {
        return endpoints(conf, name).stream()
                .map(endpoint -> endpoint.reference().canonical())
                .toList();
    }

    private static boolean blocked(RegistriesConf conf, String host) {
        try {
            endpoints(conf, host + "/a");
            return false;
        } catch (UndockerException e) {
            return true;
        }
    }

    @Test
    void withoutFilesAnImageIsAtItsRegistry() {
        RegistriesConf conf = load();
        assertThat(endpoints(conf, "docker.io/library/nginx"))
                .containsExactly(itself("docker.io/library/nginx"));
        assertThat(conf.credentialHelpers()).containsExactly("containers-auth.json");
        assertThat(warnings).isEmpty();
    }

    @Test
    void theExampleOfTheManPage() throws IOException {
        RegistriesConf conf =
                system(
                        """
                        unqualified-search-registries = ["example.com"]

                        [[registry]]
                        prefix = "example.com/foo"
                        insecure = false
                        blocked = false
                        location = "internal-registry-for-example.com/bar"

                        [[registry.mirror]]
                        location = "example-mirror-0.local/mirror-for-foo"

                        [[registry.mirror]]
                        location = "example-mirror-1.local/mirrors/foo"
                        insecure = true
                        """);
        assertThat(endpoints(conf, "example.com/foo/image"))
                .containsExactly(
                        new Endpoint(
                                named("example-mirror-0.local/mirror-for-foo/image"), false, true),
                        new Endpoint(named("example-mirror-1.local/mirrors/foo/image"), true, true),
                        itself("internal-registry-for-example.com/bar/image"));
        assertThat(endpoints(conf, "example.com/other"))
                .containsExactly(itself("example.com/other"));
    }

    /// Each prefix leads to a location of its own, so the answer shows which was taken.
    @ParameterizedTest
    @CsvSource({
        "example.com/image,             a.test/image",
        "example.com/ns/image,          b.test/image",
        "example.com/ns/repo,           c.test/repo",
        "example.com/ns/repository,     b.test/repository",
        "example.com/nsx/image,         a.test/nsx/image",
        "example.com.evil/image,        example.com.evil/image",
        "xexample.com/image,            xexample.com/image",
        "example.com:5000/image,        d.test/image",
        "example.com:50000/image,       a.test:50000/image",
        "sub.wild.test/image,           e.test/image",
        "deep.sub.wild.test:80/image,   e.test:80/image",
        "wild.test/image,               wild.test/image",
        "swild.test/image,              swild.test/image",
        "own.wild.test/image,           f.test/image",
        "other.test/sub.wild.test,      other.test/sub.wild.test",
        "a.kept.test/image,             a.kept.test/image",
        "[::1]:5000/image,              g.test/image",
    })
    void theLongestPrefixDecides(String name, String expected) throws IOException {
        RegistriesConf conf =
                system(
                        """
                        registry = [
                          {prefix = "example.com", location = "a.test"},
                          {prefix = "example.com/ns", location = "b.test/"},
                          {prefix = "example.com/ns/repo", location = "c.test/repo"},
                          {prefix = "example.com:5000", location = "d.test"},
                          {prefix = "*.wild.test", location = "e.test"},
                          {prefix = "own.wild.test", location = "f.test"},
                          {prefix = "*.kept.test"},
                          {prefix = "[::1]:5000", location = "g.test"},
                        ]
                        """);
        assertThat(asked(conf, name)).containsExactly(expected + ":latest");
    }

    @ParameterizedTest
    @CsvSource({
        "'',                            '',              m.test/a r.test/a, m.test/a r.test/a",
        "mirror-by-digest-only = true,  '',              r.test/a,          m.test/a r.test/a",
        "mirror-by-digest-only = false, " + DIGEST_ONLY + ", r.test/a,      m.test/a r.test/a",
        "'',                            " + DIGEST_ONLY + ", r.test/a,      m.test/a r.test/a",
        "'',                            " + TAG_ONLY + ", m.test/a r.test/a, r.test/a",
        "'', pull-from-mirror = 'all',                   m.test/a r.test/a, m.test/a r.test/a",
    })
    void aMirrorMayBeForDigestsOrTagsAlone(
            String registry, String mirror, String byTag, String byDigest) throws IOException {
        RegistriesConf conf =
                system(
                        """
                        [[registry]]
                        location = "r.test"
                        %s
                        [[registry.mirror]]
                        location = "m.test"
                        %s
                        """
                                .formatted(registry, mirror));
        assertThat(asked(conf, "r.test/a:1")).containsExactly(versions(byTag, ":1"));
        assertThat(asked(conf, "r.test/a@" + DIGEST))
                .containsExactly(versions(byDigest, "@" + DIGEST));
    }

    private static String[] versions(String names, String version) {
        return Stream.of(names.split(" ")).map(name -> name + version).toArray(String[]::new);
    }

    @ParameterizedTest
    @CsvSource({
        "a.test/b:1,           tagged.test/c:1",
        "a.test/b:2,           moved.test/d:3",
        "a.test/b:1x,          a.test/b:1x",
        "a.test/b,             a.test/b:latest",
        "a.test/b@" + DIGEST + ", digest.test/e@" + DIGEST,
        "a.test/b/b:1,         a.test/b/b:1",
        "a.test/pinned:1,      a.test/pinned@" + DIGEST,
    })
    void aPrefixMayBeOneImage(String name, String expected) throws IOException {
        RegistriesConf conf =
                system(
                        """
                        registry = [
                          {prefix = "a.test/b:1", location = "tagged.test/c"},
                          {prefix = "a.test/b:2", location = "moved.test/d:3"},
                          {prefix = "a.test/b@%1$s", location = "digest.test/e"},
                          {prefix = "a.test/pinned:1", location = "a.test/pinned@%1$s"},
                        ]
                        """
                                .formatted(DIGEST));
        assertThat(asked(conf, name)).containsExactly(expected);
        assertThat(warnings).isEmpty();
    }

    @Test
    void oneImageMayBeBlocked() throws IOException {
        RegistriesConf conf = system("[[registry]]\nlocation = 'a.test/b:1'\nblocked = true");
        assertThatThrownBy(() -> endpoints(conf, "a.test/b:1"))
                .hasMessage("a.test/b: blocked: a.test/b:1 is, in " + system);
        assertThat(endpoints(conf, "a.test/b:2")).containsExactly(itself("a.test/b:2"));
    }

    @Test
    void aDigestStaysWhatItIs() throws IOException {
        RegistriesConf conf =
                system(
                        "[[registry]]\nprefix = 'a.test/b@%s'\nlocation = 'a.test/b:1'"
                                .formatted(DIGEST));
        assertThatThrownBy(() -> endpoints(conf, "a.test/b@" + DIGEST))
                .hasMessage(
                        "%s: a.test/b@%s becomes a.test/b:1, which is another image"
                                .formatted(system, DIGEST));
    }

    @Test
    void whatIsBlockedIsRefusedWithTheFileThatSaysSo() throws IOException {
        drop(system, "evil.conf", "evil.test", true);
        assertThatThrownBy(() -> endpoints(load(), "evil.test/a"))
                .isInstanceOf(UndockerException.class)
                .hasMessage(
                        "evil.test/a: blocked: evil.test is, in "
                                + system.resolveSibling("registries.conf.d/evil.conf"));
    }

    @Test
    void theUsersFileStandsInsteadOfTheSystems() throws IOException {
        write(system, "[[registry]]\nlocation = 'main.test'\nblocked = true");
        drop(system, "drop.conf", "drop.test", true);
        drop(user, "own.conf", "own.test", true);
        RegistriesConf both = load();
        assertThat(blocked(both, "main.test")).isTrue();
        assertThat(blocked(both, "drop.test")).isTrue();
        assertThat(blocked(both, "own.test")).isTrue();

        write(user, "");
        RegistriesConf users = load();
        assertThat(blocked(users, "main.test")).isFalse();
        assertThat(blocked(users, "drop.test")).isFalse();
        assertThat(blocked(users, "own.test")).isTrue();
    }

    @Test
    void theEnvironmentNamesAnotherMainFile() throws IOException {
        write(user, "[[registry]]\nlocation = 'user.test'\nblocked = true");
        drop(system, "drop.conf", "drop.test", true);
        Path other = directory.resolve("other");
        write(other, "[[registry]]\nlocation = 'other.test'\nblocked = true");
        RegistriesConf conf = load(Map.of("CONTAINERS_REGISTRIES_CONF", other.toString()));
        assertThat(blocked(conf, "user.test")).isFalse();
        assertThat(blocked(conf, "drop.test")).isTrue();
        assertThat(blocked(conf, "other.test")).isTrue();

        Files.delete(other);
        assertThatThrownBy(() -> load(Map.of("CONTAINERS_REGISTRIES_CONF", other.toString())))
                .hasMessage(other + ": no such file, which CONTAINERS_REGISTRIES_CONF names");
    }

    @Test
    void laterFilesReplaceTheTableOfAPrefix() throws IOException {
        write(
                system,
                """
                [[registry]]
                location = "a.test"
                [[registry.mirror]]
                location = "m.test"
                [[registry]]
                location = "b.test"
                blocked = true
                """);
        drop(system, "10-a.conf", "a.test", true);
        drop(system, "20-a.conf", "a.test", false);
        drop(system, "30-a.ignored", "a.test", true);
        Files.createDirectory(system.resolveSibling("registries.conf.d").resolve("dir.conf"));
        RegistriesConf conf = load();
        assertThat(asked(conf, "a.test/x")).containsExactly("a.test/x:latest");
        assertThat(blocked(conf, "b.test")).isTrue();
        drop(user, "00-a.conf", "a.test", true);
        assertThat(blocked(load(), "a.test")).isTrue();
    }

    @Test
    void ofTwoTablesInOneFileTheFirstCounts() throws IOException {
        RegistriesConf conf =
                system(
                        """
                        [[registry]]
                        prefix = "a.test"
                        location = "first.test"
                        [[registry]]
                        prefix = "a.test"
                        location = "second.test"
                        """);
        assertThat(asked(conf, "a.test/x")).containsExactly("first.test/x:latest");
    }

    @Test
    void theFirstVersionOfTheFormat() throws IOException {
        RegistriesConf conf =
                system(
                        """
                        [registries.search]
                        registries = ['quay.io']
                        [registries.insecure]
                        registries = ['plain.test:5000', 'both.test/']
                        [registries.block]
                        registries = ['evil.test', 'both.test']
                        """);
        assertThat(endpoints(conf, "plain.test:5000/a"))
                .containsExactly(new Endpoint(named("plain.test:5000/a"), true, false));
        assertThat(blocked(conf, "evil.test")).isTrue();
        assertThat(blocked(conf, "both.test")).isTrue();
        assertThat(endpoints(conf, "quay.io/a")).containsExactly(itself("quay.io/a"));
    }

    @Test
    void theLastListOfCredentialHelpersCounts() throws IOException {
        write(system, "credential-helpers = ['pass', 'containers-auth.json']");
        assertThat(load().credentialHelpers()).containsExactly("pass", "containers-auth.json");
        Path dropIn = user.resolveSibling("registries.conf.d").resolve("a.conf");
        write(dropIn, "[aliases]\n'a' = 'b.test/a'");
        assertThat(load().credentialHelpers()).containsExactly("pass", "containers-auth.json");
        write(dropIn, "credential-helpers = []");
        assertThat(load().credentialHelpers()).containsExactly("containers-auth.json");
    }

    @Test
    void keysInAnotherCaseAreHeededAndNamed() throws IOException {
        RegistriesConf conf = system("[[registry]]\nLocation = 'a.test'\nBlocked = true");
        assertThat(blocked(conf, "a.test")).isTrue();
        assertThat(warnings)
                .containsExactly(
                        system + ": the key Location is read as location",
                        system + ": the key Blocked is read as blocked");
    }

    @Test
    void whatIsNotDoneIsSaid() throws IOException {
        system(
                """
                [[registry]]
                location = "b.test"
                proxy = "http://proxy.test"
                """);
        assertThat(warnings)
                .containsExactly(
                        system
                                + ": the proxy of b.test is not used: only the environment is"
                                + " asked for one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a = 1$b c = 2      | line 2: ",
                "a = 1$b = 'x       | line 2: ",
                "a = 1$a = 2        | line 2: ",
                "[[registry]]$location = 1                    | registry[0]: location: not a"
                        + " string",
                "[[registry]]$location = 'a.test'$blocked = 1 | registry[0]: blocked: neither true"
                        + " nor false",
                "registry = 1                                 | registry: not an array",
                "[registry]$location = 'a.test'               | registry: not an array",
                "[[registry]]$blocked = true                  | registry[0]: neither a prefix nor a"
                        + " location",
                "[[registry]]$prefix = 'a.test'               | registry[0]: a prefix without a"
                        + " location",
                "[[registry]]$prefix = '*.a.test/b'           | registry[0]: the prefix *.a.test/b"
                        + " is not of the form *.example.com",
                "[[registry]]$location = 'https://a.test'     | registry[0]: location:"
                        + " https://a.test: a scheme is not supported here",
                "[[registry]]$location = 'a.test'$pull-from-mirror = 'all' | registry[0]:"
                        + " pull-from-mirror belongs to a mirror",
                "[[registry]]$location = 'a.test'$[[registry.mirror]]$insecure = true |"
                        + " registry[0]: mirror[0]: no location",
                "[[registry]]$location = 'a.test'$[[registry.mirror]]$location ="
                        + " 'b.test'$pull-from-mirror = 'some' | registry[0]: mirror[0]:"
                        + " pull-from-mirror: unknown: some",
                "[[registry]]$location = 'a.test'$mirror-by-digest-only ="
                        + " true$[[registry.mirror]]$location = 'b.test'$pull-from-mirror = 'all' |"
                        + " registry[0]: mirror[0]: pull-from-mirror beside the registry's"
                        + " mirror-by-digest-only",
                "[[registry]]$location = 'a.test'$[[registry]]$prefix = 'b.test'$location ="
                    + " 'a.test'$insecure = true | registry[1]: a.test is insecure or blocked here,"
                    + " and not in a table above",
                "[[registry]]$location = 'a.test'$[registries.block]$registries = ['b.test'] |"
                        + " mixes versions 1 and 2 of the format",
            })
    void aMistakeIsNamedWithItsPlace(String toml, String expected) throws IOException {
        write(system, toml.replace('$', '\n'));
        assertThatThrownBy(this::load)
                .isInstanceOf(UndockerException.class)
                .hasMessageStartingWith(system + ": " + expected);
    }

    @Test
    void dropInsThatCannotBeReadAreAnError() throws IOException {
        Files.createDirectories(system.getParent());
        Path dropIns = system.resolveSibling("registries.conf.d");
        try (FailingDirectory failing = FailingDirectory.open()) {
            Files.createSymbolicLink(dropIns, failing.path());
            assertThatThrownBy(this::load)
                    .hasMessage(dropIns + ": cannot be read: Invalid argument");
        }
    }

    @Test
    void dropInsHaveNoFirstVersion() throws IOException {
        Path dropIn = system.resolveSibling("registries.conf.d").resolve("a.conf");
        write(dropIn, "[registries.block]\nregistries = []");
        assertThatThrownBy(this::load)
                .hasMessage(
                        dropIn
                                + ": version 1 of the format, which only registries.conf may"
                                + " use");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mirror",
                "mirror/x",
                "a.test/UPPER",
                "a.test:port",
                "a.test:99999",
                "10.0.0",
                "a.test//x",
                "a b.test"
            })
    void aPlaceWithoutHostOrRepositoryIsRefusedWhenItIsAskedFor(String location)
            throws IOException {
        RegistriesConf conf =
                system("[[registry]]\nprefix = 'r.test'\nlocation = '%s'".formatted(location));
        assertThat(endpoints(conf, "other.test/a")).hasSize(1);
        assertThatThrownBy(() -> endpoints(conf, "r.test/a"))
                .hasMessage(
                        "%s: r.test/a:latest becomes %s/a:latest, which is no host and repository"
                                .formatted(system, location));
    }

    @Test
    void aFileThatCannotBeReadIsNotPassedOver() throws IOException {
        Files.createDirectories(system);
        assertThatThrownBy(this::load).hasMessageStartingWith(system + ": cannot be read: ");
    }
}
