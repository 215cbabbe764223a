package dev.undocker.rootfs;

import java.nio.charset.StandardCharsets;

/// Characters that a terminal shows and does not obey, nor lets them change what stands around
/// them: no controls, no format characters such as those that turn the direction of writing, and
/// nothing that Unicode gives no meaning to.
public final class PrintableCharacter {
    private PrintableCharacter() {}

    /// Looks for one in UTF-8.
    ///
    /// @return how many of the bytes between `at` and `end` it is, or 0 when there is none at `at`
    public static int length(byte[] bytes, int at, int end) {
        int first = bytes[at];
        if (first >= 0) {
            return first >= ' ' && first != 0x7f ? 1 : 0;
        }
        int count = Math.min(sequenceLength(first & 0xff), end - at);
        String one = new String(bytes, at, count, StandardCharsets.UTF_8);
        int point = one.codePointAt(0);
        boolean whole = point != 0xfffd && one.length() == Character.charCount(point);
        return whole && isPrintable(point) ? count : 0;
    }

    private static int sequenceLength(int first) {
        return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    }

    private static boolean isPrintable(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }
}
