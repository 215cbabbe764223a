package dev.undocker.query.list;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Times as `ls --time-style=long-iso` shows them, in UTC.
final class TimeText {
    private static final int WIDTH = "1970-01-01 00:00".length();

    private TimeText() {}

    /// @param seconds since 1970; shown as such where no calendar reaches
    static String of(long seconds) {
        LocalDateTime time;
        try {
            time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        } catch (DateTimeException tooFar) {
            return " ".repeat(Math.max(0, WIDTH - Long.toString(seconds).length())) + seconds;
        }
        StringBuilder text = new StringBuilder(WIDTH).append(time.getYear());
        append(text, '-', time.getMonthValue());
        append(text, '-', time.getDayOfMonth());
        append(text, ' ', time.getHour());
        append(text, ':', time.getMinute());
        return text.toString();
    }

    private static void append(StringBuilder text, char before, int number) {
        text.append(before).append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
