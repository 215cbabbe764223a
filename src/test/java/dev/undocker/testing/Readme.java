package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands that README prints, for tests that run them.
public final class Readme {
    private Readme() {}

    /// The text of the code block that begins with the line "```sh NAME".
    public static String commands(String name) throws IOException {
        return block("sh " + name);
    }

    /// What one of these prints: the block that begins with the line "```text NAME".
    public static String output(String name) throws IOException {
        return block("text " + name);
    }

    private static String block(String begin) throws IOException {
        Matcher block =
                Pattern.compile(
                                "^```" + Pattern.quote(begin) + "\n(.*?)^```$",
                                Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(Path.of("README.md")));
        if (!block.find()) {
            throw new AssertionError("README has no block ```" + begin);
        }
        return block.group(1);
    }
}
