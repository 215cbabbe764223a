package dev.undocker.cli;

import dev.undocker.linux.Terminal;

import org.jspecify.annotations.Nullable;

import java.util.OptionalInt;

/// The terminal that one of this process' descriptors may lead to. Nothing is asked before somebody
/// wants to know, and the size each time anew.
///
/// @param descriptor −1 for none
record Screen(int descriptor) {
    static final Screen OUTPUT = new Screen(1);
    static final Screen ERROR = new Screen(2);

    private static final int USUAL_COLUMNS = 80;

    /// Tables need some (picocli refuses fewer than 55).
    private static final int NARROWEST = 55;

    /// Lines of prose that are longer are hard to read.
    private static final int WIDEST = 120;

    /// For what only a terminal should get.
    boolean isTerminal() {
        return Terminal.columns(descriptor).isPresent();
    }

    /// For what a terminal must not get: true also where nobody can tell.
    boolean mayBeTerminal() {
        return Terminal.mayBe(descriptor);
    }

    /// What the terminal says, or else `COLUMNS`, or else what is usual.
    int columns() {
        OptionalInt told = Terminal.columns(descriptor);
        if (told.orElse(0) > 0) {
            return told.getAsInt();
        }
        String variable = System.getenv("COLUMNS");
        return variable != null && variable.matches("[1-9][0-9]{0,3}")
                ? Integer.parseInt(variable)
                : USUAL_COLUMNS;
    }

    /// How wide help should be.
    int helpColumns() {
        return Math.clamp(columns(), NARROWEST, WIDEST);
    }

    /// How wide an answer should be: as the terminal, and elsewhere always the same.
    int answerColumns() {
        return isTerminal() ? Math.max(columns(), NARROWEST) : USUAL_COLUMNS;
    }

    /// Whether text may have colours: on a terminal that has some, unless `NO_COLOR`
    /// (<https://no-color.org>) or `CLICOLOR=0`; anywhere with `CLICOLOR_FORCE`
    /// (<https://bixense.com/clicolors/>).
    boolean isColoured() {
        if (isSet(System.getenv("NO_COLOR"))) {
            return false;
        }
        if (isOn(System.getenv("CLICOLOR_FORCE"))) {
            return true;
        }
        String terminal = System.getenv("TERM");
        return isSet(terminal)
                && !terminal.equals("dumb")
                && !"0".equals(System.getenv("CLICOLOR"))
                && isTerminal();
    }

    private static boolean isSet(@Nullable String variable) {
        return variable != null && !variable.isEmpty();
    }

    private static boolean isOn(@Nullable String variable) {
        return isSet(variable) && !"0".equals(variable);
    }
}
