package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class ChallengeTest {
    private static final String REALM = "https://auth.example/token?a=b,c";
    private static final Challenge BASIC = challenge("basic");
    private static final Challenge BEARER =
            challenge(
                    "bearer", "realm", REALM, "service", "r", "scope", "repository:a/b:pull,push");

    static Stream<Arguments> headers() {
        return Stream.of(
                arguments("", List.of()),
                arguments(" , ,", List.of()),
                arguments("Basic", List.of(BASIC)),
                arguments(
                        "Bearer realm=\""
                                + REALM
                                + "\",service=\"r\","
                                + "scope=\"repository:a/b:pull,push\"",
                        List.of(BEARER)),
                // In another order and case, with blanks wherever they may be.
                arguments(
                        "  bEARER   Scope = \"repository:a/b:pull,push\" ,\tSERVICE= r , realm =\""
                                + REALM
                                + "\" ",
                        List.of(BEARER)),
                arguments("Bearer realm=\"x\"", List.of(challenge("bearer", "realm", "x"))),
                arguments(
                        "Basic realm=\"a \\\"b\\\\\", charset=\"UTF-8\"",
                        List.of(challenge("basic", "realm", "a \"b\\", "charset", "UTF-8"))),
                arguments("Basic realm=\"\"", List.of(challenge("basic", "realm", ""))),
                // Several in one header.
                arguments(
                        "Negotiate, Basic realm=x, Bearer realm=\"y\",service=z",
                        List.of(
                                challenge("negotiate"),
                                challenge("basic", "realm", "x"),
                                challenge("bearer", "realm", "y", "service", "z"))),
                arguments("Basic, Basic", List.of(BASIC, BASIC)),
                arguments(
                        "Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", "
                                + "Basic realm=\"simple\"",
                        List.of(
                                challenge(
                                        "newauth",
                                        "realm",
                                        "apps",
                                        "type",
                                        "1",
                                        "title",
                                        "Login to \"apps\""),
                                challenge("basic", "realm", "simple"))),
                // Opaque words.
                arguments("Negotiate YIIB+/c==", List.of(challenge("negotiate"))),
                arguments(
                        "Negotiate YIIB+/c== , Bearer realm=x",
                        List.of(challenge("negotiate"), challenge("bearer", "realm", "x"))),
                arguments("NTLM abc,Basic", List.of(challenge("ntlm"), BASIC)));
    }

    static Stream<Arguments> malformedHeaders() {
        return Stream.of(
                arguments("Bearer realm=https://x/y?z=1", "realm", "https://x/y?z=1"),
                arguments("Bearer realm=https://x/y,service=z", "service", "z"),
                arguments("Bearer realm=\"x\" service=\"z\"", "service", "z"),
                arguments("Bearer realm=\"x\"service=\"z\"", "service", "z"),
                arguments("Bearer,realm=\"x\"", "realm", "x"),
                arguments("Bearer ,,realm=\"x\",,service=\"z\",,", "service", "z"),
                arguments("Bearer realm=\"x", "realm", "x"),
                arguments("Bearer realm=\"x\\", "realm", "x\\"),
                arguments("Bearer realm=\"", "realm", ""),
                arguments("Bearer service=\"z\", realm=", "realm", ""),
                arguments("Bearer realm=\"x\", \"Basic realm\", service=\"z\"", "service", "z"),
                arguments("Bearer realm=\"x\"; service=\"z\"", "service", "z"),
                arguments("Bearer ;=, ==\"Basic\", realm=\"x\"", "realm", "x"),
                arguments("realm=\"stray\", Bearer realm=\"x\"", "realm", "x"),
                arguments("Bearer realm=\"x\u00e4\u0001\"", "realm", "x\u00e4\u0001"));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void readsWhatTheGrammarAllows(String header, List<Challenge> expected) {
        assertThat(Challenge.parse(List.of(header))).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("malformedHeaders")
    void readsWhatItCan(String header, String parameter, String value) {
        assertThat(Challenge.parse(List.of(header)))
                .singleElement()
                .satisfies(challenge -> {
                    assertThat(challenge.scheme()).isEqualTo("bearer");
                    assertThat(challenge.parameters()).containsEntry(parameter, value);
                });
    }

    @Test
    void readsSeveralHeaders() {
        assertThat(Challenge.parse(List.of("Negotiate", "Basic", "Bearer realm=x")))
                .containsExactly(challenge("negotiate"), BASIC, challenge("bearer", "realm", "x"));
        assertThat(Challenge.parse(List.of())).isEmpty();
    }

    /// Whatever a server sends, the end is reached.
    @Test
    void endsAlways() {
        String signs = " \t,=\"\\;aB/\u00e4";
        for (int number = 0; number < 100_000; number++) {
            StringBuilder header = new StringBuilder();
            for (int rest = number; rest > 0; rest /= signs.length()) {
                header.append(signs.charAt(rest % signs.length()));
            }
            assertThat(Challenge.parse(List.of(header.toString()))).isNotNull();
        }
    }

    private static Challenge challenge(String scheme, String... parameters) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            map.put(parameters[i], parameters[i + 1]);
        }
        return new Challenge(scheme, map);
    }
}
