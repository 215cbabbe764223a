/// A word of bash and zsh.
final class ShellWord {
    private ShellWord() {}

    /// The text as one word, whatever is in it.
    static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
