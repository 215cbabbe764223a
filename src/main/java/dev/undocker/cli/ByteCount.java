package dev.undocker.cli;

import dev.undocker.UndockerException;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers of bytes as users write and read them: decimal, `10G` are ten gigabytes.
final class ByteCount {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,15})([kKMGT]?)B?");
    private static final String UNITS = "kMGTP";

    private ByteCount() {}

    /// @throws UndockerException of wrong usage when it is no such number
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            try {
                long factor = 1;
                String unit = matcher.group(2).replace('K', 'k');
                for (int i = unit.isEmpty() ? -1 : UNITS.indexOf(unit); i >= 0; i--) {
                    factor *= 1000;
                }
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
            } catch (ArithmeticException e) {
                // refused below
            }
        }
        throw UndockerException.usage("%s: not a number of bytes, such as 10G".formatted(text));
    }

    /// Three digits and a unit.
    static String format(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < UNITS.length() - 1) {
            value /= 1000;
            unit++;
        }
        String number = value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f";
        return String.format(Locale.ROOT, number, value) + " " + UNITS.charAt(unit) + "B";
    }
}
