package dev.undocker.source.daemon;

import com.fasterxml.jackson.core.io.JsonStringEncoder;

import dev.undocker.UndockerException;
import dev.undocker.image.Platform;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A daemon with Docker's Engine API (<https://docs.docker.com/reference/api/engine/>), which
/// podman has too. Paths without a version mean the daemon's own: newer daemons refuse old
/// versions.
///
/// @param place what messages begin with: the image as the user wrote it
/// @param silence how long the daemon may be silent while it prepares an image, which it copies
///   before it sends the first byte
record Engine(String place, DaemonAddress address, Duration answer, Duration silence) {
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration SILENCE = Duration.ofMinutes(15);

    /// The first version, 1.48, that exports one platform of several.
    private static final int FIRST_WITH_PLATFORM = 48;

    private static final Pattern VERSION = Pattern.compile("1\\.([0-9]{1,4})");
    private static final int LARGEST_MESSAGE = 64 << 10;
    private static final int LONGEST_MESSAGE = 300;

    Engine(String place, DaemonAddress address) {
        this(place, address, ANSWER, SILENCE);
    }

    /// An image is not there.
    static final class MissingImageException extends UndockerException {
        private static final long serialVersionUID = 1L;

        MissingImageException(String sentence) {
            super(sentence);
        }
    }

    /// Asks who is there.
    ///
    /// @return the daemon's latest version of the API is 1.this; 0 when it does not say
    /// @throws IOException when nobody can be reached
    /// @throws UndockerException when whoever is reached is no daemon
    int ping() throws IOException {
        Connection connection = address.connect();
        try (Answer answer = ask(connection, "/_ping", answer())) {
            if (answer.status() != 200) {
                throw refused(answer);
            }
            Matcher version = VERSION.matcher(String.valueOf(answer.header("api-version")));
            return version.matches() ? Integer.parseInt(version.group(1)) : 0;
        }
    }

    /// Asks for an image as `docker save` writes it. The caller closes the stream, which throws
    /// [UndockerException] when the daemon breaks off.
    ///
    /// @param image a name or an ID
    /// @param platform null for what the daemon prefers; daemons that know of none do not care
    /// @param version what [#ping()] said
    /// @throws MissingImageException when there is no such image
    InputStream export(String image, @Nullable Platform platform, int version) {
        String path = "/images/%s/get".formatted(encoded(image));
        if (platform != null && version >= FIRST_WITH_PLATFORM) {
            Answer answer = ask(path + "?platform=" + encoded(json(platform)));
            if (answer.status() != 400) {
                return export(answer);
            }
            // whoever says that version without knowing the word
            close(answer);
        }
        return export(ask(path));
    }

    private InputStream export(Answer answer) {
        if (answer.status() == 200) {
            return new Export(place, answer);
        }
        try (answer) {
            throw refused(answer);
        } catch (IOException e) {
            throw brokenOff(place, e);
        }
    }

    private Answer ask(String path) {
        try {
            return ask(address.connect(), path, silence);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /// The failure to connect, in words.
    UndockerException unreachable(IOException cause) {
        return new UndockerException(
                "%s: %s: %s".formatted(place, address, address.obstacle(cause)), cause);
    }

    private Answer ask(Connection connection, String path, Duration patience) {
        try {
            connection.patience(patience);
            return Answer.get(connection, address.host(), path);
        } catch (SocketTimeoutException e) {
            throw new UndockerException(
                    "%s: %s: it does not answer within %d s"
                            .formatted(place, address, patience.toSeconds()),
                    e);
        } catch (IOException e) {
            // of TLS 1.3, also that the user's certificate is missing
            throw new UndockerException(
                            "%s: %s: no daemon's answer: %s"
                                    .formatted(place, address, e.getMessage()),
                            e)
                    .withHint(address.hint());
        }
    }

    private static void close(Answer answer) {
        try {
            answer.close();
        } catch (IOException e) {
            // nothing is wanted of it any more
        }
    }

    /// What an answer means that brings no image.
    private UndockerException refused(Answer answer) {
        String said = said(answer);
        String detail = said.isEmpty() ? "" : " (%s)".formatted(said);
        return answer.status() == 404
                ? new MissingImageException(
                        "%s: %s: no such image%s".formatted(place, address, detail))
                : new UndockerException(
                        "%s: %s: the daemon answers with status %d%s"
                                .formatted(place, address, answer.status(), detail));
    }

    /// The daemon's own words (`ErrorResponse`), or those of whoever answers in its place.
    private static String said(Answer answer) {
        byte[] body;
        try {
            body = answer.body().readNBytes(LARGEST_MESSAGE);
        } catch (IOException e) {
            return "";
        }
        String text;
        try {
            String message = JsonDocument.parse("answer", body, said -> {}).string("message");
            text = message == null ? "" : message;
        } catch (UndockerException e) {
            text = new String(body, StandardCharsets.UTF_8);
        }
        text = text.strip();
        return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) + "…" : text;
    }

    static UndockerException brokenOff(String place, IOException cause) {
        String reason =
                cause instanceof SocketTimeoutException
                        ? "it sends nothing any more"
                        : String.valueOf(cause.getMessage());
        return new UndockerException(
                "%s: the daemon broke off: %s".formatted(place, reason), cause);
    }

    /// As image-spec has it in JSON (`image-index.md`).
    private static String json(Platform platform) {
        String variant =
                platform.variant() == null ? "" : ",\"variant\":" + quoted(platform.variant());
        return "{\"os\":%s,\"architecture\":%s%s}"
                .formatted(quoted(platform.os()), quoted(platform.architecture()), variant);
    }

    private static String quoted(String word) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(word)) + '"';
    }

    /// Slashes and colons may stand in a path (RFC 3986, section 3.3).
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%3A", ":")
                .replace("%40", "@");
    }
}
