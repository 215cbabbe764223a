package dev.undocker.runtime;

/// The characters that never go into a configuration file as they are: C0 controls without the tab,
/// and DEL. Line ends are among them, so a value without any stays on its line in every grammar.
public final class ControlCharacters {
    private ControlCharacters() {}

    public static boolean in(String text) {
        return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
    }
}
