package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands that README prints, for tests that run them, and what they print.
public final class Readme {
    private Readme() {}

    /// The text of the code block that begins with the line "```sh NAME".
    public static String commands(String name) throws IOException {
        return block("sh " + name);
    }

    /// What a command prints: the text of the block that begins with the line "```text NAME".
    public static String output(String name) throws IOException {
        return block("text " + name);
    }

    private static String block(String head) throws IOException {
        Matcher block =
                Pattern.compile(
                                "^```" + Pattern.quote(head) + "\n(.*?)^```$",
                                Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("README.md")));
        if (!block.find()) {
            throw new AssertionError("README has no block ```" + head);
        }
        return block.group(1);
    }
}
