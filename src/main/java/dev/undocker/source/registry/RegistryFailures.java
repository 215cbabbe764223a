package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.content.TransferException;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

import javax.net.ssl.SSLException;

/// Puts into sentences what goes wrong between this program and a registry: each names the image
/// and the host, none anything secret.
///
/// @param reference the image as the user names it
/// @param host the registry
/// @param login how the server knows the user
/// @param kept the largest blob whose beginning is kept for the next run, in bytes
record RegistryFailures(String reference, String host, Login login, long kept) {
    enum Login {
        /// There are no credentials for it.
        ANONYMOUS,

        /// By credentials.
        KNOWN,

        /// It is no registry, and hears of no credentials.
        NEVER
    }

    private static final List<String> TEXTS =
            List.of("code", "message", "error", "error_description", "details");

    private static final String BLOBS = "/blobs/";
    private static final int LARGEST_BODY = 1 << 20;
    private static final int LONGEST_MESSAGE = 300;

    UndockerException because(String reason) {
        return new TransferException(place(reason), null);
    }

    /// The same words as the name of a place.
    String place(String what) {
        return "%s: %s: %s".formatted(reference, host, what);
    }

    /// @param asked whom the failure concerns unless it says more
    UndockerException unreachable(Origin asked, IOException cause) {
        return unreachable(
                cause instanceof NoAnswerException none ? sentOn(asked, none.server()) : "", cause);
    }

    /// The beginning of a sentence about a server that is maybe another than was asked.
    private static String sentOn(Origin asked, Origin server) {
        return server.equals(asked) ? "" : "sent on to %s: ".formatted(server.authority());
    }

    /// @param whom it concerns, as the beginning of a sentence, unless that is a proxy
    UndockerException unreachable(String whom, IOException cause) {
        IOException why = cause;
        String beginning = whom;
        if (cause instanceof NoAnswerException none) {
            why = none.getCause() instanceof IOException own ? own : none;
            beginning = none.proxy() == null ? whom : none.proxy() + ": ";
        }
        UndockerException failure =
                new TransferException(place(beginning + NetworkFailure.reason(cause)), cause);
        if (NetworkFailure.mayLackTls(why)) {
            return failure.withHint(
                    "if it has none, --tls-verify false asks it without, as does insecure = true"
                            + " for it in registries.conf");
        }
        if (why instanceof SSLException
                && !(NetworkFailure.rootOf(why) instanceof OtherServerException)) {
            return failure.withHint(
                    "a certificate of your own goes into /etc/containers/certs.d/%s/ca.crt;"
                                    .formatted(host)
                            + " --tls-verify false trusts everybody");
        }
        return failure;
    }

    /// @param asked who was asked
    /// @param server who sent what came
    /// @param path what was being fetched
    /// @param arrived how many of its bytes came
    UndockerException broken(
            Origin asked, Origin server, String path, long arrived, long size, IOException cause) {
        String sentence =
                "%s%s: broken off after %d of %d bytes: %s"
                        .formatted(
                                sentOn(asked, server),
                                path,
                                arrived,
                                size,
                                NetworkFailure.reason(cause));
        return unfinished(arrived, size, new TransferException(place(sentence), cause));
    }

    /// A failure in the middle of a blob, where what arrived is not lost.
    ///
    /// @param arrived how many of its bytes came
    UndockerException unfinished(long arrived, long size, UndockerException failure) {
        return arrived > 0 && size <= kept && failure.hint() == null
                ? failure.withHint("run it again: it goes on where it stopped")
                : failure;
    }

    /// What an answer means that is not what was asked for. Closes it.
    ///
    /// @param asked who was asked; whom it sends to knows of no images
    /// @param path what was asked for
    UndockerException refused(Origin asked, String path, HttpResponse response) {
        try (response) {
            String elsewhere = sentOn(asked, Origin.of(response.uri()));
            if (login == Login.NEVER || !elsewhere.isEmpty()) {
                return because(
                        "%sit answers with status %d".formatted(elsewhere, response.status()));
            }
            String said = said(response);
            String detail = said == null ? "" : " (%s)".formatted(said);
            return switch (response.status()) {
                case 401 -> denied(detail);
                case 403 -> denied(detail);
                case 404 -> missing(path, said, detail);
                case 429 -> limited("", response, detail);
                default ->
                        because("it answers with status %d%s".formatted(response.status(), detail));
            };
        }
    }

    /// What an answer of a token server means that is no token.
    ///
    /// @param server which it is, as the beginning of a sentence
    UndockerException noToken(String server, HttpResponse response) {
        String said = said(response);
        String detail = said == null ? "" : " (%s)".formatted(said);
        return switch (response.status()) {
            case 400, 401, 403 -> denied(detail);
            case 429 -> limited(server, response, detail);
            default ->
                    because(
                            "%sit gives no token: it answers with status %d%s"
                                    .formatted(server, response.status(), detail));
        };
    }

    /// @param detail begins with a blank where there is some
    private UndockerException denied(String detail) {
        return login == Login.ANONYMOUS
                ? because("access denied%s".formatted(detail))
                        .withHint(
                                "it may be private, or not there: log in with skopeo login %s, or"
                                                .formatted(host)
                                        + " give --creds USER")
                : because("access denied to whom the credentials name%s".formatted(detail))
                        .withHint(
                                "log in again with skopeo login %s, or give --creds USER"
                                        .formatted(host));
    }

    private UndockerException missing(String path, @Nullable String said, String detail) {
        int blob = path.indexOf(BLOBS);
        if (blob >= 0) {
            return because(
                    "the blob %s of the image is not there%s"
                            .formatted(path.substring(blob + BLOBS.length()), detail));
        }
        boolean noRepository = said != null && said.contains("NAME_UNKNOWN");
        return new MissingImageException(
                place(
                        noRepository
                                ? "no such repository" + detail
                                : "no such tag or digest" + detail),
                login == Login.ANONYMOUS
                        ? "it may be private: log in with skopeo login " + host
                        : null);
    }

    private UndockerException limited(String whom, HttpResponse response, String detail) {
        Duration wait = Retries.after(response.header("Retry-After"), Instant.now());
        String until =
                wait == null
                        ? ""
                        : " until "
                                + DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z")
                                        .withZone(ZoneId.systemDefault())
                                        .format(
                                                Instant.now()
                                                        .plus(wait)
                                                        .truncatedTo(ChronoUnit.SECONDS));
        UndockerException failure =
                because(
                        "%stoo many requests, wait%s%s"
                                .formatted(whom, until.isEmpty() ? " a while" : until, detail));
        return login == Login.ANONYMOUS
                ? failure.withHint("whoever is logged in may ask more often: skopeo login " + host)
                : failure;
    }

    /// What a registry says of an error (distribution-spec, `spec.md#error-codes`), or a token
    /// server (RFC 6749, 5.2; Docker Hub's has `details`).
    private static @Nullable String said(HttpResponse response) {
        try (InputStream in = response.body()) {
            byte[] body = in.readNBytes(LARGEST_BODY);
            JsonDocument answer = JsonDocument.parse("error", body, said -> {});
            List<JsonDocument> errors = answer.elements("errors");
            JsonDocument error = errors.isEmpty() ? answer : errors.getFirst();
            String text =
                    TEXTS.stream()
                            .map(error::string)
                            .filter(Objects::nonNull)
                            .collect(Collectors.joining(": "));
            if (text.isEmpty()) {
                return null;
            }
            return text.length() > LONGEST_MESSAGE
                    ? text.substring(0, LONGEST_MESSAGE) + "…"
                    : text;
        } catch (IOException | UndockerException e) {
            // a proxy's page, or nothing
            return null;
        }
    }
}
