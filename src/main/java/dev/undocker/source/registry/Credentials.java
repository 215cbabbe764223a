package dev.undocker.source.registry;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.regex.Pattern;

/// Who the user is to a registry. None of them shows its secret as a string.
public sealed interface Credentials {
    /// Nobody: what is public can be had.
    record Anonymous() implements Credentials {
        @Override
        public String toString() {
            return "anonymous";
        }
    }

    /// What a server's `Basic` challenge asks for (RFC 7617), and a token server takes too.
    record Basic(String user, String password) implements Credentials {
        /// What the user wrote on the command line: `USER:PASSWORD`.
        ///
        /// @param option names the option in messages
        /// @throws UndockerException about a mistake in the command line, without the text
        public static Basic parse(String option, String text) {
            int colon = text.indexOf(':');
            if (colon <= 0) {
                throw UndockerException.usage(option + (colon == 0 ? ": no user" : ": no password"))
                        .withHint("write %s USER:PASSWORD".formatted(option));
            }
            return new Basic(text.substring(0, colon), text.substring(colon + 1));
        }

        @Override
        public String toString() {
            return "user and password";
        }
    }

    /// What a token server exchanges for a token, as a refresh token (RFC 6749, 6;
    /// <https://distribution.github.io/distribution/spec/auth/oauth/>).
    record IdentityToken(String token) implements Credentials {
        @Override
        public String toString() {
            return "identity token";
        }
    }

    /// What the registry takes as it is (RFC 6750), no token server being asked.
    record BearerToken(String token) implements Credentials {
        /// What can stand in a header, and more than RFC 6750 (2.1) allows.
        private static final Pattern TOKEN = Pattern.compile("[!-~]+");

        /// False for what cannot be sent to anybody.
        static boolean isOne(String text) {
            return TOKEN.matcher(text).matches();
        }

        @Override
        public String toString() {
            return "bearer token";
        }
    }

    /// A user and a password as they are kept; null when there is neither.
    static @Nullable Credentials stored(@Nullable String user, @Nullable String password) {
        String name = Objects.requireNonNullElse(user, "");
        String secret = Objects.requireNonNullElse(password, "");
        return name.isEmpty() && secret.isEmpty() ? null : new Basic(name, secret);
    }
}
