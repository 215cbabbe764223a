package dev.undocker.cli;

import dev.undocker.query.NameQuoting;
import dev.undocker.query.VisibleText;

import java.io.OutputStream;

/// What a command answers, as a stream, in pieces that are worth a system call. Whoever has written
/// everything flushes it; it needs no closing.
final class AnswerStream extends OutputStream {
    private static final int PIECE = 64 << 10;

    private final Console console;
    private final byte[] buffer = new byte[PIECE];
    private int filled;

    AnswerStream(Console console) {
        this.console = console;
    }

    /// How names go to standard output. A locale says of a terminal which encoding it has.
    static NameQuoting names() {
        if (!Screen.OUTPUT.mayBeTerminal()) {
            return NameQuoting.LITERAL;
        }
        return "UTF-8".equals(System.getProperty("native.encoding"))
                ? NameQuoting.UTF_8
                : NameQuoting.ASCII;
    }

    /// For contents of files, which reach a terminal only as far as they cannot command it.
    OutputStream contents() {
        NameQuoting names = names();
        return names == NameQuoting.LITERAL
                ? this
                : new VisibleText(this, names == NameQuoting.UTF_8);
    }

    @Override
    public void write(int b) {
        if (filled == PIECE) {
            flush();
        }
        buffer[filled++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        int at = from;
        int left = length;
        while (left > 0) {
            if (filled == PIECE) {
                flush();
            }
            int count = Math.min(left, PIECE - filled);
            System.arraycopy(bytes, at, buffer, filled, count);
            filled += count;
            at += count;
            left -= count;
        }
    }

    @Override
    public void flush() {
        int length = filled;
        filled = 0;
        console.answer(buffer, length);
    }
}
