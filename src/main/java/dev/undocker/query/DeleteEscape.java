package dev.undocker.query;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/// Writes DEL as `\u007F`: of all that a terminal obeys, it alone JSON leaves as it is when that is
/// ASCII.
final class DeleteEscape extends CharacterEscapes {
    @Serial private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
        int[] codes = standardAsciiEscapesForJSON();
        codes[0x7f] = ESCAPE_STANDARD;
        return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
        return null;
    }
}
