package dev.undocker.source.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One way in which a server lets a client say who it is: a challenge of a `WWW-Authenticate`
/// header (RFC 7235, 2.1 and 4.1). Whatever it says is the server's and not to be trusted.
///
/// @param scheme in lower case: `bearer`
/// @param parameters by name in lower case; values as they are, without their quotes
public record Challenge(String scheme, Map<String, String> parameters) {
    public Challenge {
        parameters = Map.copyOf(parameters);
    }

    /// All challenges in their order; one header may hold several. Where the grammar is broken,
    /// what makes sense is read and the rest passed over. The opaque word that a scheme may have in
    /// the place of parameters (`token68`) means nothing to registries and is dropped.
    ///
    /// @param headers the values of a response's `WWW-Authenticate` headers
    public static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            new Scanner(header).readAll(challenges);
        }
        return List.copyOf(challenges);
    }

    /// Walks through one header.
    private static final class Scanner {
        private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";
        private static final String TOKEN68_MARKS = "-._~+/";
        private static final String BLANKS = " \t";
        private static final String SEPARATORS = BLANKS + ",";

        private final String text;
        private int position;

        Scanner(String text) {
            this.text = text;
        }

        void readAll(List<Challenge> challenges) {
            // What stands in front of the first scheme belongs to none.
            parameters();
            while (!atEnd()) {
                String scheme = word(TOKEN_MARKS);
                skipToken68();
                challenges.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters()));
            }
        }

        /// Reads up to the end or the next scheme, which is a word without an equals sign.
        private Map<String, String> parameters() {
            Map<String, String> parameters = new HashMap<>();
            while (true) {
                skip(SEPARATORS);
                int start = position;
                String name = word(TOKEN_MARKS);
                skip(BLANKS);
                if (name.isEmpty()) {
                    if (atEnd()) {
                        return parameters;
                    }
                    skipSenseless();
                } else if (at('=')) {
                    position++;
                    skip(BLANKS);
                    String value = at('"') ? quoted() : bare();
                    parameters.put(name.toLowerCase(Locale.ROOT), value);
                } else {
                    position = start;
                    return parameters;
                }
            }
        }

        /// Such a word has only equals signs behind it, up to the comma or the end.
        private void skipToken68() {
            int start = position;
            skip(BLANKS);
            if (!word(TOKEN68_MARKS).isEmpty()) {
                skip("=");
                skip(BLANKS);
                if (atEnd() || at(',')) {
                    return;
                }
            }
            position = start;
        }

        /// A string as a whole, lest words in it are taken for a challenge.
        private void skipSenseless() {
            if (at('"')) {
                quoted();
            } else {
                position++;
            }
        }

        /// A string in quotes; where the second one is missing, all that is left.
        private String quoted() {
            StringBuilder value = new StringBuilder();
            position++;
            while (!atEnd() && !at('"')) {
                if (at('\\') && position + 1 < text.length()) {
                    position++;
                }
                value.append(text.charAt(position++));
            }
            position = Math.min(position + 1, text.length());
            return value.toString();
        }

        /// A value without quotes, which may be more than the token that the grammar allows.
        private String bare() {
            int start = position;
            while (!atEnd() && SEPARATORS.indexOf(text.charAt(position)) < 0) {
                position++;
            }
            return text.substring(start, position);
        }

        /// Letters, digits and these marks; maybe none.
        private String word(String marks) {
            int start = position;
            while (!atEnd() && isPart(text.charAt(position), marks)) {
                position++;
            }
            return text.substring(start, position);
        }

        private static boolean isPart(char sign, String marks) {
            return (sign >= 'a' && sign <= 'z')
                    || (sign >= 'A' && sign <= 'Z')
                    || (sign >= '0' && sign <= '9')
                    || marks.indexOf(sign) >= 0;
        }

        private void skip(String signs) {
            while (!atEnd() && signs.indexOf(text.charAt(position)) >= 0) {
                position++;
            }
        }

        private boolean at(char sign) {
            return !atEnd() && text.charAt(position) == sign;
        }

        private boolean atEnd() {
            return position == text.length();
        }
    }
}
