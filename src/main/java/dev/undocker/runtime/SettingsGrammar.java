package dev.undocker.runtime;

import org.jspecify.annotations.Nullable;

/// How a runtime's settings are to be read line by line: comments begin with `#`, and lines belong
/// together that say something about the same subject. Lines come without blanks at their ends.
public interface SettingsGrammar {
    /// The section that a line begins, as it stands there, or null when it begins none.
    @Nullable String section(String line);

    /// What a line, which is no comment, says something about: lines of one subject replace each
    /// other, lines of several stand beside each other.
    String subject(String line);

    /// True when the next line, or the next that is no comment, belongs to this one, which comes
    /// with the blanks at its end.
    default boolean continues(String line) {
        return false;
    }
}
