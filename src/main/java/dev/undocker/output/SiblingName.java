package dev.undocker.output;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// The names under which outputs grow beside their final ones, and what they replace waits:
/// `.NAME.undocker-XXXXXXXX`. Names are bytes; a long NAME is cut.
final class SiblingName {
    private static final int MAX_NAME = 255;
    private static final int DIGITS = 8;
    private static final String MARK_TEXT = ".undocker-";
    private static final byte[] MARK = MARK_TEXT.getBytes(StandardCharsets.US_ASCII);

    private SiblingName() {}

    /// A new one for `name`.
    static byte[] of(byte[] name) {
        byte[] prefix = prefix(name);
        byte[] sibling = Arrays.copyOf(prefix, prefix.length + DIGITS);
        byte[] digits =
                HexFormat.of()
                        .toHexDigits(ThreadLocalRandom.current().nextInt())
                        .getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, sibling, prefix.length, DIGITS);
        return sibling;
    }

    /// True for what may be one, whoever's: cheap enough for every name in a large directory.
    static boolean isLikely(Path sibling) {
        return sibling.toString().contains(MARK_TEXT);
    }

    /// True for what [#of] may have given for `name`.
    static boolean isOne(byte[] sibling, byte[] name) {
        byte[] prefix = prefix(name);
        if (sibling.length != prefix.length + DIGITS
                || !Arrays.equals(prefix, Arrays.copyOf(sibling, prefix.length))) {
            return false;
        }
        for (int i = prefix.length; i < sibling.length; i++) {
            if ("0123456789abcdef".indexOf(sibling[i]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static byte[] prefix(byte[] name) {
        int kept = Math.min(name.length, MAX_NAME - 1 - MARK.length - DIGITS);
        byte[] prefix = new byte[1 + kept + MARK.length];
        prefix[0] = '.';
        System.arraycopy(name, 0, prefix, 1, kept);
        System.arraycopy(MARK, 0, prefix, 1 + kept, MARK.length);
        return prefix;
    }
}
