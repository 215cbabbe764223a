package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;

/// How often and when something is tried again that failed in a way that may pass. Made for one
/// thing; not thread-safe.
final class Retries {
    private static final int MOST = 4;

    /// Whoever is told to wait longer is told so instead.
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Pause pause;
    private int made;

    Retries(Pause pause) {
        this.pause = pause;
    }

    /// Forgets what failed, since something worked.
    void reset() {
        made = 0;
    }

    /// Waits for the next attempt, 1 s, 2 s, 4 s and 8 s or as long as the server wants, and a
    /// little more by chance.
    ///
    /// @param wanted what the server wants; null when it does not say
    /// @return false when there is to be no further one
    boolean another(@Nullable Duration wanted) {
        if (made == MOST || (wanted != null && wanted.compareTo(LONGEST) > 0)) {
            return false;
        }
        Duration wait = wanted != null ? wanted : Duration.ofSeconds(1L << made);
        made++;
        pause.of(wait.plusMillis(ThreadLocalRandom.current().nextInt(250)));
        return true;
    }

    /// True for what a server says that may do better next time (RFC 9110, 15; RFC 6585, 4).
    static boolean isTransient(int status) {
        return switch (status) {
            case 408, 425, 429, 500, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /// The header `Retry-After`: seconds, also with a fraction, or a date (RFC 9110, 10.2.3).
    ///
    /// @return null when there is none that makes sense
    static @Nullable Duration after(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String text = header.strip();
        try {
            double seconds = Double.parseDouble(text);
            return seconds >= 0 && seconds < Integer.MAX_VALUE
                    ? Duration.ofMillis((long) Math.ceil(seconds * 1000))
                    : null;
        } catch (NumberFormatException e) {
            // a date, then
        }
        try {
            Instant date =
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
            Duration left = Duration.between(now, date);
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
