package dev.undocker.cli;

/// The few places of a message where a terminal that has colours shows them: the word with which it
/// begins, and a command to type (ECMA-48, 8.3.117).
final class Colours {
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String CYAN = "\u001b[36m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    private Colours() {}

    /// A message of [Console].
    static String message(String line) {
        if (line.startsWith(Console.WARNING)) {
            return YELLOW + Console.WARNING + PLAIN + line.substring(Console.WARNING.length());
        }
        if (line.startsWith(Console.FAILURE)) {
            return RED + Console.FAILURE + PLAIN + line.substring(Console.FAILURE.length());
        }
        return line.startsWith(Console.HINT)
                ? CYAN + Console.HINT + PLAIN + line.substring(Console.HINT.length())
                : line;
    }

    /// What the user is to find at once.
    static String strong(String text) {
        return BOLD + text + PLAIN;
    }
}
