package dev.undocker;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;

import org.jspecify.annotations.Nullable;

/// Escapes one character of ASCII in JSON beside those that must be.
public final class JsonEscape extends CharacterEscapes {
    /// DEL: of all that terminals and systemd take for control characters, it alone JSON leaves as
    /// it is.
    public static final char DELETE = 0x7f;

    private static final long serialVersionUID = 1L;

    private final char character;

    public JsonEscape(char character) {
        this.character = character;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
        int[] codes = standardAsciiEscapesForJSON();
        codes[character] = ESCAPE_STANDARD;
        return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int point) {
        return null;
    }
}
