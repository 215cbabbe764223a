package dev.undocker.runtime.lxc;

import dev.undocker.runtime.ControlCharacters;

import java.util.List;
import java.util.Optional;

/// What a value of an LXC configuration can hold (`parse_line` in LXC's `confile.c`): one line, of
/// which blanks at both ends and one pair of equal outer quotes are taken off. Nothing is escaped.
final class LxcGrammar {
    /// `lxc-create -t local` replaces these words wherever they stand in the file.
    private static final List<String> SUBSTITUTED =
            List.of("LXC_NAME", "LXC_PATH", "LXC_ROOTFS", "LXC_TEMPLATE_CONFIG", "LXC_HOOK_DIR");

    private LxcGrammar() {}

    /// True when a whole value in quotes arrives as it is.
    static boolean holds(String text) {
        return !ControlCharacters.in(text) && SUBSTITUTED.stream().noneMatch(text::contains);
    }

    /// A value in outer quotes; [#holds(String)] must be true of it.
    static String quoted(String text) {
        return '"' + text + '"';
    }

    /// The value of `lxc.init.cmd`. LXC 5 splits it at spaces and knows no quotes; LXC 6 splits it
    /// at white space and takes a word that begins with a quote up to the next one of its kind.
    ///
    /// @return empty when no value gives exactly these words
    static Optional<String> command(List<String> argv, LxcVersion version) {
        if (!argv.stream().allMatch(LxcGrammar::holds)) {
            return Optional.empty();
        }
        if (argv.stream().allMatch(LxcGrammar::isBare)) {
            return Optional.of(String.join(" ", argv));
        }
        if (version == LxcVersion.V5 || !argv.stream().allMatch(LxcGrammar::isQuotable)) {
            return Optional.empty();
        }
        List<String> words = argv.stream().map(LxcGrammar::word).toList();
        return Optional.of("'" + String.join(" ", words) + "'");
    }

    private static boolean isBare(String word) {
        return !word.isEmpty()
                && word.indexOf(' ') < 0
                && word.indexOf('\t') < 0
                && word.charAt(0) != '\''
                && word.charAt(0) != '"';
    }

    private static boolean isQuotable(String word) {
        return isBare(word) || word.indexOf('\'') < 0 || word.indexOf('"') < 0;
    }

    private static String word(String word) {
        if (isBare(word)) {
            return word;
        }
        char quote = word.indexOf('"') < 0 ? '"' : '\'';
        return quote + word + quote;
    }
}
