package dev.undocker;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Numbers of bytes as users write and read them, the same for every option: decimal, `10G` are ten
/// gigabytes; `10Gi` are ten times 2³⁰ (IEC 80000-13). A `B` may follow.
public final class ByteCount {
    private static final Pattern FORM = Pattern.compile("([0-9]+)(?:([kKMGT])|([KMGT]i))?B?");
    private static final String UNITS = "kMGTP";

    private ByteCount() {}

    /// @throws UndockerException of wrong usage when it is no such number
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            try {
                boolean binary = matcher.group(3) != null;
                String unit = binary ? matcher.group(3) : matcher.group(2);
                long factor = 1;
                for (int i = unit == null ? -1 : exponent(unit); i >= 0; i--) {
                    factor *= binary ? 1024 : 1000;
                }
                return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor);
            } catch (ArithmeticException | NumberFormatException e) {
                throw UndockerException.usage(
                        "%s: too large, the most is %d".formatted(text, Long.MAX_VALUE));
            }
        }
        throw UndockerException.usage(
                "%s: not a number of bytes, such as 10G or 10Gi".formatted(text));
    }

    private static int exponent(String unit) {
        return UNITS.indexOf(unit.replace('K', 'k').charAt(0));
    }

    /// Three digits and a unit.
    public static String format(long bytes) {
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
