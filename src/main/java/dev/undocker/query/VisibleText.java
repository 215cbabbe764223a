package dev.undocker.query;

import dev.undocker.rootfs.PrintableCharacter;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/// Bytes of an image on their way to a terminal: lines and tabs stay, and so does printable UTF-8;
/// what the terminal could obey becomes visible, as `cat -v` writes it: `^[`, `M-^[`. What is
/// written to it goes on at once, except for the beginning of a character, which waits for its end
/// until [#flush].
public final class VisibleText extends OutputStream {
    /// A character of UTF-8 has one byte more at most.
    private static final int LONGEST_BEGINNING = 3;

    private final OutputStream out;
    private final boolean utf8;
    private byte[] begun = {};

    /// @param out is not closed
    /// @param utf8 false where the terminal is known for ASCII alone
    public VisibleText(OutputStream out, boolean utf8) {
        this.out = out;
        this.utf8 = utf8;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        byte[] all = Arrays.copyOf(begun, begun.length + length);
        System.arraycopy(bytes, from, all, begun.length, length);
        int end = all.length - unfinished(all);
        show(all, end);
        begun = Arrays.copyOfRange(all, end, all.length);
    }

    @Override
    public void flush() throws IOException {
        show(begun, begun.length);
        begun = new byte[0];
        out.flush();
    }

    /// How many bytes at the end may be the beginning of a character.
    private static int unfinished(byte[] bytes) {
        for (int count = 1; count <= LONGEST_BEGINNING && count <= bytes.length; count++) {
            int b = bytes[bytes.length - count] & 0xff;
            if (b >= 0xc0) {
                int wanted = b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
                return count < wanted ? count : 0;
            }
            if (b < 0x80) {
                return 0;
            }
        }
        return 0;
    }

    private void show(byte[] bytes, int end) throws IOException {
        int at = 0;
        while (at < end) {
            int count = utf8 || bytes[at] >= 0 ? PrintableCharacter.length(bytes, at, end) : 0;
            if (count > 0) {
                out.write(bytes, at, count);
                at += count;
            } else {
                escape(bytes[at]);
                at++;
            }
        }
    }

    private void escape(byte b) throws IOException {
        if (b == '\n' || b == '\t') {
            out.write(b);
            return;
        }
        if (b < 0) {
            out.write('M');
            out.write('-');
        }
        int low = b & 0x7f;
        if (low < ' ' || low == 0x7f) {
            out.write('^');
            low ^= 0x40;
        }
        out.write(low);
    }
}
