package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class CredentialStoreTest {
    private static final Credentials ANONYMOUS = new Credentials.Anonymous();
    private static final String HUB = "https://index.docker.io/v1/";

    @TempDir Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private List<String> helpers = List.of(RegistriesConf.AUTH_FILES);

    @BeforeEach
    void keepAwayFromThisMachine() {
        environment.put("XDG_RUNTIME_DIR", home.resolve("run").toString());
        environment.put("PATH", "relative::" + home.resolve("bin"));
    }

    @Test
    void theFirstFileDecides() throws IOException {
        List<Path> order =
                List.of(
                        home.resolve("run/containers/auth.json"),
                        home.resolve(".config/containers/auth.json"),
                        home.resolve(".docker/config.json"),
                        home.resolve(".dockercfg"));
        for (Path path : order) {
            String entry = "{\"quay.io\": %s}".formatted(entry(path.toString()));
            write(path, path.endsWith(".dockercfg") ? entry : "{\"auths\": %s}".formatted(entry));
        }

        for (Path path : order) {
            assertThat(find("quay.io/a/b")).isEqualTo(user(path.toString()));
            assertThat(find("ghcr.io/a/b")).isEqualTo(ANONYMOUS);
            Files.delete(path);
        }
        assertThat(find("quay.io/a/b")).isEqualTo(ANONYMOUS);
        assertThat(warnings).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "XDG_CONFIG_HOME,containers/auth.json,.config/containers/auth.json",
        "DOCKER_CONFIG,config.json,.docker/config.json"
    })
    void aVariableMovesAFile(String variable, String name, String standard) throws IOException {
        auths(home.resolve(standard), "quay.io", entry("standard"));
        auths(home.resolve("moved").resolve(name), "quay.io", entry("moved"));

        assertThat(find("quay.io/a")).isEqualTo(user("standard"));
        environment.put(variable, "");
        assertThat(find("quay.io/a")).isEqualTo(user("standard"));
        environment.put(variable, home.resolve("moved").toString());
        assertThat(find("quay.io/a")).isEqualTo(user("moved"));
        environment.put(variable, home.resolve("elsewhere").toString());
        assertThat(find("quay.io/a")).isEqualTo(ANONYMOUS);
    }

    @Test
    void theFileThatTheUserNamesIsTheOnlyOne() throws IOException {
        auths(dockerConfig(), "quay.io", entry("customary"));
        Path option = auths(home.resolve("option.json"), "ghcr.io", entry("option"));
        Path variable = auths(home.resolve("variable.json"), "gcr.io", entry("variable"));
        environment.put("REGISTRY_AUTH_FILE", variable.toString());

        assertThat(find("gcr.io/a")).isEqualTo(user("variable"));
        assertThat(find("quay.io/a")).isEqualTo(ANONYMOUS);
        assertThat(find("ghcr.io/a", option, null)).isEqualTo(user("option"));
        assertThat(find("gcr.io/a", option, null)).isEqualTo(ANONYMOUS);
        assertThat(find("quay.io/a", Path.of("/dev/null"), null)).isEqualTo(ANONYMOUS);
    }

    @Test
    void whatIsGivenCounts() throws IOException {
        Path option = auths(home.resolve("option.json"), "ghcr.io", entry("option"));

        assertThat(find("ghcr.io/a", option, user("given"))).isEqualTo(user("given"));
        assertThat(find("ghcr.io/a", option, ANONYMOUS)).isEqualTo(ANONYMOUS);
    }

    @Test
    void anOptionsFileMustExist() {
        Path missing = home.resolve("missing");

        UndockerException failure =
                catchThrowableOfType(UndockerException.class, () -> find("a", missing, null));

        assertThat(failure.sentence()).isEqualTo(missing + ": no such file or directory");
        environment.put("REGISTRY_AUTH_FILE", missing.toString());
        assertThat(find("a")).isEqualTo(ANONYMOUS);
    }

    @ParameterizedTest
    @CsvSource({
        "quay.io,quay.io/a/b/c,true",
        "quay.io/a,quay.io/a/b/c,true",
        "quay.io/a/b,quay.io/a/b/c,true",
        "quay.io/a/b/c,quay.io/a/b/c,true",
        "quay.io/a/b/c/d,quay.io/a/b/c,false",
        "quay.io/a/b,quay.io/a/bb,false",
        "quay.io/b,quay.io/a/b,false",
        "quay.io/,quay.io/a,false",
        "https://quay.io,quay.io/a,true",
        "http://quay.io/,quay.io/a,true",
        "https://quay.io/v2/,quay.io/a/b,true",
        "https://quay.io/z,quay.io/a,true",
        "QUAY.IO,quay.io/a,false",
        "quay.io:443,quay.io/a,false",
        "localhost:5000,localhost:5000/a,true",
        "localhost,localhost:5000/a,false",
        "http://localhost:5000,localhost:5000/a,true",
        "[::1]:5000,[::1]:5000/a,true",
        "https://index.docker.io/v1/,nginx,true",
        "https://index.docker.io/v1/,docker.io/me/app,true",
        "https://index.docker.io/v1/,registry-1.docker.io/me/app,true",
        "https://index.docker.io/v1/,quay.io/library/nginx,false",
        "index.docker.io,nginx,true",
        "registry-1.docker.io,nginx,true",
        "docker.io,nginx,true",
        "docker.io/library,nginx,true",
        "docker.io/library/nginx,nginx,true",
        "docker.io/nginx,nginx,false",
        "nginx,nginx,false",
        "docker.io/me,me/app,true",
        "docker.io/me,you/app,false",
        "'',nginx,false",
        "https://,nginx,false",
    })
    void keysMeanRegistriesAndNamespaces(String key, String name, boolean means)
            throws IOException {
        auths(dockerConfig(), key, entry("u"));

        assertThat(find(name)).isEqualTo(means ? user("u") : ANONYMOUS);
    }

    @ParameterizedTest
    @CsvSource({
        "quay.io,quay.io/a/b/c,true",
        "https://quay.io/v1/,quay.io/a/b/c,true",
        "quay.io/v1/,quay.io/a/b/c,true",
        "https://index.docker.io/v1/,nginx,true",
        "ghcr.io,quay.io/a,false",
    })
    void oldKeysMeanRegistriesAlone(String key, String name, boolean means) throws IOException {
        write(home.resolve(".dockercfg"), "{\"%s\": %s}".formatted(key, entry("u")));

        assertThat(find(name)).isEqualTo(means ? user("u") : ANONYMOUS);
    }

    @Test
    void theNarrowestKeyCounts() throws IOException {
        List<String> keys =
                List.of("https://quay.io/v1/", "quay.io", "quay.io/a", "quay.io/a/b", "quay.io/c");
        List<String> members = new ArrayList<>();
        keys.forEach(key -> members.add("\"%s\": %s".formatted(key, entry(key))));
        write(dockerConfig(), "{\"auths\": {%s}}".formatted(String.join(",", members)));

        assertThat(find("quay.io/a/b")).isEqualTo(user("quay.io/a/b"));
        assertThat(find("quay.io/a/c")).isEqualTo(user("quay.io/a"));
        assertThat(find("quay.io/b/c")).isEqualTo(user("quay.io"));
    }

    /// Docker keeps more under the hub's URL than the credentials.
    @Test
    void theHubsOwnKeyGoesBeforeItsLikes() throws IOException {
        write(
                dockerConfig(),
                "{\"auths\": {\"%saccess-token\": %s, \"%srefresh-token\": %s, \"%s\": %s}}"
                        .formatted(HUB, entry("no"), HUB, entry("no"), HUB, entry("yes")));

        assertThat(find("nginx")).isEqualTo(user("yes"));
    }

    static Stream<Arguments> entries() {
        return Stream.of(
                arguments(auth("u:p"), new Credentials.Basic("u", "p")),
                arguments(auth("u:p:q"), new Credentials.Basic("u", "p:q")),
                arguments(auth("u:"), new Credentials.Basic("u", "")),
                arguments(auth(":p"), new Credentials.Basic("", "p")),
                arguments(auth("u:p\0\0"), new Credentials.Basic("u", "p")),
                arguments(auth("ü:ß"), new Credentials.Basic("ü", "ß")),
                arguments("{\"auth\": \"dTp\\nw\\r\\n\"}", new Credentials.Basic("u", "p")),
                arguments("{\"auth\": \"dTpwcQ\"}", new Credentials.Basic("u", "pq")),
                arguments(
                        "{\"username\": \"u\", \"password\": \"p\"}",
                        new Credentials.Basic("u", "p")),
                arguments(
                        "{\"username\": \"v\", \"password\": \"q\", \"auth\": \"dTpw\"}",
                        new Credentials.Basic("u", "p")),
                // Azure writes both.
                arguments(
                        "{\"auth\": \"MDAwMDo=\", \"identitytoken\": \"t\"}",
                        new Credentials.IdentityToken("t")),
                arguments(
                        "{\"registrytoken\": \"t.u-v==\"}", new Credentials.BearerToken("t.u-v==")),
                arguments("{}", ANONYMOUS),
                arguments("null", ANONYMOUS),
                arguments("{\"auth\": \"\"}", ANONYMOUS),
                arguments("{\"auth\": null, \"email\": \"x@y\"}", ANONYMOUS),
                arguments(auth(":"), ANONYMOUS));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void readsEntries(String entry, Credentials expected) throws IOException {
        auths(dockerConfig(), "quay.io", entry);

        assertThat(find("quay.io/a")).isEqualTo(expected);
        assertThat(warnings).isEmpty();
    }

    static Stream<Arguments> oddEntries() {
        return Stream.of(
                arguments("{\"auth\": \"hunter2!\"}", "auth: not base64 of USER:PASSWORD"),
                arguments(auth("hunter2"), "auth: not base64 of USER:PASSWORD"),
                arguments("{\"auth\": \"dTr/\"}", "auth: not base64 of USER:PASSWORD"),
                arguments("{\"auth\": [\"hunter2\"]}", "auth: not a string"),
                arguments("{\"identitytoken\": 7}", "identitytoken: not a string"),
                arguments("{\"registrytoken\": \"a\\nhunter2: b\"}", "registrytoken: not a token"),
                arguments("\"hunter2\"", "not an object"));
    }

    @ParameterizedTest
    @MethodSource("oddEntries")
    void passesOverOddEntriesWithoutQuotingThem(String entry, String reason) throws IOException {
        write(
                dockerConfig(),
                "{\"auths\": {\"quay.io/a\": %s, \"quay.io\": %s}}".formatted(entry, entry("u")));

        assertThat(find("quay.io/a")).isEqualTo(user("u"));
        assertThat(warnings).containsExactly(dockerConfig() + ": auths: quay.io/a: " + reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"auths\": {\"quay.io\": {\"auth\": hunter2}}}",
                "{\"auths\": {\"quay.io\": {}, \"quay.io\": {}}}",
                "{\"auths\": \"hunter2\"}",
                "{\"auths\": {}, \"credHelpers\": {\"quay.io\": [\"hunter2\"]}}",
                "{\"credsStore\": {\"hunter2\": 1}}",
                "[\"hunter2\"]",
                "null",
                "{\"auths\"",
                "hunter2",
            })
    void aBrokenFileIsNotQuoted(String content) throws IOException {
        Path broken = write(home.resolve(".config/containers/auth.json"), content);
        auths(dockerConfig(), "quay.io", entry("u"));

        assertThat(find("quay.io/a")).isEqualTo(user("u"));
        assertThat(warnings)
                .singleElement()
                .satisfies(warning -> assertThat(warning).startsWith(broken + ": "))
                .satisfies(warning -> assertThat(warning).doesNotContain("hunter2"));
    }

    @Test
    void aFileThatTheUserNamesMustNotBeBroken() throws IOException {
        Path broken = write(home.resolve("auth.json"), "{\n  \"auths\": hunter2}");
        String expected = broken + ": not valid JSON, or a key stands in it twice: line 2, column ";

        UndockerException option =
                catchThrowableOfType(UndockerException.class, () -> find("a", broken, null));
        environment.put("REGISTRY_AUTH_FILE", broken.toString());
        UndockerException variable = catchThrowableOfType(UndockerException.class, () -> find("a"));

        assertThat(option.sentence()).startsWith(expected);
        assertThat(option).hasNoCause();
        assertThat(variable.sentence()).startsWith(expected);
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsSaid() throws IOException {
        Files.createDirectories(dockerConfig());
        write(home.resolve(".dockercfg"), "{\"quay.io\": %s}".formatted(entry("u")));

        assertThat(find("quay.io/a")).isEqualTo(user("u"));
        assertThat(warnings)
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning).startsWith(dockerConfig() + ": cannot be read: "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " \n", "{}", "{\"auths\": null}", "{\"experimental\": \"enabled\"}"})
    void aFileMayHaveNothing(String content) throws IOException {
        write(dockerConfig(), content);

        assertThat(find("quay.io/a")).isEqualTo(ANONYMOUS);
        assertThat(warnings).isEmpty();
    }

    @Test
    void theHelperOfARegistryIsAskedAlone() throws IOException {
        helper("one", "quay.io");
        helper("all", "quay.io");
        write(
                dockerConfig(),
                """
                {
                  "auths": {"quay.io/a": %s},
                  "credsStore": "all",
                  "credHelpers": {"quay.io": "one"}
                }
                """
                        .formatted(entry("file")));

        assertThat(find("quay.io/a")).isEqualTo(user("one"));

        helper("one", "ghcr.io");
        assertThat(find("quay.io/a")).isEqualTo(ANONYMOUS);

        auths(home.resolve(".config/containers/auth.json"), "quay.io", entry("other file"));
        assertThat(find("quay.io/a")).isEqualTo(user("other file"));
    }

    @Test
    void theHelperForAllIsAskedBeforeTheFile() throws IOException {
        helper("all", "quay.io");
        write(
                dockerConfig(),
                """
                {
                  "credsStore": "all",
                  "auths": {"quay.io": %s, "ghcr.io": %s, "gcr.io": {}}
                }
                """
                        .formatted(entry("file"), entry("file")));

        assertThat(find("quay.io/a")).isEqualTo(user("all"));
        assertThat(find("ghcr.io/a")).isEqualTo(user("file"));
        assertThat(find("gcr.io/a")).isEqualTo(ANONYMOUS);
    }

    @Test
    void aRegistryCanBeExceptedFromTheHelperForAll() throws IOException {
        helper("all", "quay.io");
        write(
                dockerConfig(),
                """
                {
                  "credsStore": "all",
                  "credHelpers": {"quay.io": ""},
                  "auths": {"quay.io": %s}
                }
                """
                        .formatted(entry("file")));

        assertThat(find("quay.io/a")).isEqualTo(user("file"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://index.docker.io/v1/", "index.docker.io", "docker.io"})
    void theHubHasManyNamesForHelpers(String key) throws IOException {
        write(dockerConfig(), "{\"credHelpers\": {\"%s\": \"one\"}}".formatted(key));

        helper("one", HUB);
        assertThat(find("nginx")).isEqualTo(user("one"));
        helper("one", "docker.io");
        assertThat(find("nginx")).isEqualTo(user("one"));
        helper("one", "index.docker.io");
        assertThat(find("nginx")).isEqualTo(ANONYMOUS);
    }

    @Test
    void aHelperThatFailsIsAFailure() throws IOException {
        Path program = program("bad", "echo hunter2 >&2; exit 1");
        write(dockerConfig(), "{\"credsStore\": \"bad\"}");

        UndockerException failure =
                catchThrowableOfType(UndockerException.class, () -> find("nginx"));

        assertThat(failure.sentence()).isEqualTo(program + ": failed with exit status 1");
    }

    @Test
    void aHelperThatIsMissingMattersWhereItIsTheOnlyOne() throws IOException {
        write(
                dockerConfig(),
                """
                {
                  "credsStore": "desktop.exe",
                  "credHelpers": {"quay.io": "gone"},
                  "auths": {"%s": %s}
                }
                """
                        .formatted(HUB, entry("file")));

        assertThat(find("nginx")).isEqualTo(user("file"));
        assertThat(warnings)
                .containsExactly(
                        dockerConfig()
                                + ": credsStore: docker-credential-desktop.exe is not installed");
        assertThat(
                        catchThrowableOfType(UndockerException.class, () -> find("quay.io/a"))
                                .sentence())
                .isEqualTo(
                        dockerConfig() + ": credHelpers: docker-credential-gone is not installed");
    }

    @Test
    void helpersForAllRegistriesHaveTheirPlace() throws IOException {
        auths(dockerConfig(), "quay.io", entry("file"));
        helper("one", "quay.io");
        helper("hub", HUB);

        helpers = List.of("one", "hub", RegistriesConf.AUTH_FILES);
        assertThat(find("quay.io/a")).isEqualTo(user("one"));
        assertThat(find("nginx")).isEqualTo(user("hub"));
        assertThat(find("ghcr.io/a")).isEqualTo(ANONYMOUS);
        helpers = List.of(RegistriesConf.AUTH_FILES, "one");
        assertThat(find("quay.io/a")).isEqualTo(user("file"));
        helpers = List.of("hub");
        assertThat(find("quay.io/a")).isEqualTo(ANONYMOUS);
    }

    /// As in skopeo.
    @Test
    void aHelperThatFailsMattersWhereNobodyElseKnows() throws IOException {
        auths(dockerConfig(), "quay.io", entry("file"));
        Path bad = program("bad", "exit 1");

        helpers = List.of("gone", "bad", RegistriesConf.AUTH_FILES);
        assertThat(find("quay.io/a")).isEqualTo(user("file"));
        assertThat(
                        catchThrowableOfType(UndockerException.class, () -> find("ghcr.io/a"))
                                .sentence())
                .isEqualTo(
                        "registries.conf: credential-helpers: docker-credential-gone is not"
                                + " installed");
        helpers = List.of("bad");
        assertThat(
                        catchThrowableOfType(UndockerException.class, () -> find("ghcr.io/a"))
                                .sentence())
                .isEqualTo(bad + ": failed with exit status 1");
        helpers = List.of("/bin/sh");
        assertThat(
                        catchThrowableOfType(UndockerException.class, () -> find("ghcr.io/a"))
                                .sentence())
                .isEqualTo(
                        "registries.conf: credential-helpers: /bin/sh: not the name of a credential"
                                + " helper");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../bin/x", "a b", "a;b", "/bin/sh", "ä"})
    void aHelpersNameIsNoPath(String name) throws IOException {
        write(dockerConfig(), "{\"credsStore\": \"%s\"}".formatted(name));

        assertThat(catchThrowableOfType(UndockerException.class, () -> find("nginx")).sentence())
                .isEqualTo(
                        "%s: credsStore: %s: not the name of a credential helper"
                                .formatted(dockerConfig(), name));
    }

    @ParameterizedTest
    @CsvSource({"user,--creds: no password", "'',--creds: no password", ":p,--creds: no user"})
    void credentialsOfTheCommandLineAreComplete(String text, String sentence) {
        UndockerException failure =
                catchThrowableOfType(
                        UndockerException.class, () -> Credentials.Basic.parse("--creds", text));

        assertThat(failure.sentence()).isEqualTo(sentence);
        assertThat(failure.isUsage()).isTrue();
        assertThat(failure.hint()).isEqualTo("write --creds USER:PASSWORD");
        assertThat(Credentials.Basic.parse("--creds", "u:p:q"))
                .isEqualTo(new Credentials.Basic("u", "p:q"));
    }

    @Test
    void noneShowsASecret() {
        assertThat(
                        List.of(
                                new Credentials.Basic("hunter2", "hunter2"),
                                new Credentials.IdentityToken("hunter2"),
                                new Credentials.BearerToken("hunter2"),
                                ANONYMOUS))
                .hasToString("[user and password, identity token, bearer token, anonymous]");
    }

    private Credentials find(String name) {
        return find(name, null, null);
    }

    private Credentials find(String name, @Nullable Path authFile, @Nullable Credentials given) {
        return new CredentialStore(environment::get, home, authFile, given, helpers, warnings::add)
                .find(RepositoryReference.parse("//" + name).repository());
    }

    private Path dockerConfig() {
        return home.resolve(".docker/config.json");
    }

    private static Path auths(Path file, String key, String entry) throws IOException {
        return write(file, "{\"auths\": {\"%s\": %s}}".formatted(key, entry));
    }

    private static Path write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    /// A helper that keeps a user of its own name for one server.
    private void helper(String name, String server) throws IOException {
        program(
                name,
                """
                if [ "$(cat)" = '%s' ]; then
                    echo '{"ServerURL": "%s", "Username": "%s", "Secret": "p"}'
                else
                    echo 'credentials not found in native keychain'
                    exit 1
                fi
                """
                        .formatted(server, server, name));
    }

    private Path program(String name, String script) throws IOException {
        Path file = home.resolve("bin/docker-credential-" + name);
        write(file, "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Credentials user(String name) {
        return new Credentials.Basic(name, "p");
    }

    private static String entry(String user) {
        return auth(user + ":p");
    }

    private static String auth(String text) {
        return "{\"auth\": \"%s\"}"
                .formatted(Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
    }
}
