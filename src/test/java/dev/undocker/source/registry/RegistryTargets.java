package dev.undocker.source.registry;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.UndockerException;
import dev.undocker.fuzz.FuzzTarget;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What registries answer, and what the user's files say of them.
public final class RegistryTargets {
    private RegistryTargets() {}

    public static List<FuzzTarget> all() {
        return List.of(
                new FuzzTarget(
                        "challenge",
                        texts(
                                "Bearer realm=\"https://auth.docker.io/token\",service=\"x\"",
                                "Basic realm=\"a\\\"b\", Bearer realm=x",
                                "Negotiate dG9rZW4="),
                        input -> Challenge.parse(List.of(new String(input, ISO_8859_1)))),
                new FuzzTarget(
                        "reference",
                        texts(
                                "//nginx:1.25",
                                "//localhost:5000/a/b@sha256:" + "0".repeat(64),
                                "//[::1]:5000/x"),
                        input -> RepositoryReference.parse(new String(input, UTF_8))),
                new FuzzTarget(
                        "registries-conf",
                        texts(
                                """
                                unqualified-search-registries = ["a"]
                                [[registry]]
                                prefix = "*.example.com"
                                location = "example.com/a"
                                insecure = true
                                [[registry.mirror]]
                                location = "m"
                                """,
                                "[registries.insecure]\nregistries = ['a']\n"),
                        input -> {
                            RegistriesFile.parse(Path.of("conf"), input, false, said -> {});
                            RegistriesFile.parse(Path.of("conf"), input, true, said -> {});
                        }),
                new FuzzTarget(
                        "credentials",
                        texts(
                                "{\"auths\":{\"a\":{\"auth\":\"dTpw\"}}}",
                                "{\"a\":{\"identitytoken\":\"x\",\"registrytoken\":\"y\"}}"),
                        RegistryTargets::credentials),
                new FuzzTarget(
                        "pem",
                        texts(
                                "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
                                "-----BEGIN X-----\n-----BEGIN X-----\n-----END X-----"),
                        RegistryTargets::pem),
                new FuzzTarget(
                        "no-proxy",
                        texts("a,.b,*.c:80,10.0.0.0/8,[::1],fe80::/10", "*"),
                        input -> {
                            NoProxy list = new NoProxy(new String(input, UTF_8));
                            list.covers("a.b", 80);
                            list.covers("10.1.2.3", 443);
                            list.covers("[::1]", 443);
                        }));
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
    }

    /// Every entry, under `auths` and beside it.
    private static void credentials(byte[] input) {
        var document = SecretDocument.parse("file", input, said -> {});
        for (String key : document.keys()) {
            try {
                AuthEntry.read(document.require(key));
            } catch (UndockerException e) {
                // the next one counts
            }
        }
        for (String key : document.keys("auths")) {
            AuthEntry.read(document.require("auths").require(key));
        }
    }

    private static void pem(byte[] input) {
        for (PemBlock block : PemBlock.parse(input)) {
            block.isCertificate();
            block.bytes();
        }
    }
}
