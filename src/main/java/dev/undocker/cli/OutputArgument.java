package dev.undocker.cli;

import dev.undocker.UndockerException;

import java.util.ArrayList;
import java.util.List;

/// One output of `convert` as the user types it: `KIND[,OPTION[=VALUE]…]:DEST`.
///
/// A comma ends the kind and each option, the first colon ends the last of them. After a backslash
/// both mean nothing, as does every other character. DEST is taken as it is, colons and backslashes
/// included.
///
/// @param options with their dashes, as a command line has them: `--name` or `--name=value`
record OutputArgument(String kind, List<String> options, String destination) {
    private static final char QUOTE = '\\';

    OutputArgument {
        options = List.copyOf(options);
    }

    /// @throws UndockerException when `text` does not have this form
    static OutputArgument parse(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int at = 0;
        while (at < text.length() && text.charAt(at) != ':') {
            char c = text.charAt(at++);
            if (c == ',') {
                words.add(word.toString());
                word.setLength(0);
            } else if (c == QUOTE && at < text.length()) {
                word.append(text.charAt(at++));
            } else {
                word.append(c);
            }
        }
        words.add(word.toString());
        if (at >= text.length() - 1) {
            throw UndockerException.usage("--output %s: not KIND:DEST".formatted(text))
                    .withHint(
                            at == text.length()
                                    ? "a tar is --output rootfs:%s".formatted(text)
                                    : "write where the output goes behind the colon");
        }
        List<String> options = new ArrayList<>();
        for (String option : words.subList(1, words.size())) {
            if (option.isEmpty() || option.startsWith("=")) {
                throw UndockerException.usage("--output %s: an option has no name".formatted(text));
            }
            options.add("--" + option);
        }
        return new OutputArgument(words.getFirst(), options, text.substring(at + 1));
    }
}
