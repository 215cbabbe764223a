package dev.undocker.query.picture;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/// The page around the data, put together from its resources. Its policy (CSP) lets the browser run
/// this script and apply this style, known by their digests, and load nothing.
///
/// @param beforeData up to the beginning of the data, UTF-8
/// @param afterData what follows it
record Page(byte[] beforeData, byte[] afterData) {
    private static final String[] SCRIPTS = {
        "tree.js",
        "treemap.js",
        "palette.js",
        "wording.js",
        "painter.js",
        "elements.js",
        "map.js",
        "panel.js",
        "page.js"
    };

    static Page load() throws IOException {
        StringBuilder script = new StringBuilder();
        for (String name : SCRIPTS) {
            script.append(resource(name));
        }
        String style = resource("style.css");
        String page =
                resource("page.html")
                        .replace("@policy@", policy(script.toString(), style))
                        .replace("@style@", style)
                        .replace("@script@", script);
        String[] parts = page.split("@data@");
        return new Page(parts[0].getBytes(UTF_8), parts[1].getBytes(UTF_8));
    }

    private static String policy(String script, String style) {
        return "default-src 'none'; script-src %s; style-src %s; base-uri 'none'; form-action 'none'"
                .formatted(source(script), source(style));
    }

    /// What names a text in a policy (<https://www.w3.org/TR/CSP3/#grammardef-hash-source>).
    private static String source(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
        }
    }
}
