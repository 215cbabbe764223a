package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The commands that README and the manual print, for tests that run them, and what they print.
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

    /// The commands of README's table of recipes.
    public static List<String> recipes() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        String table = readme.split("### Recipes\n")[1].split("\n### ")[0];
        return Pattern.compile("`([^`]+)`").matcher(table).results().map(m -> m.group(1)).toList();
    }

    /// All blocks of commands in the manual.
    public static String manual() throws IOException {
        StringBuilder commands = new StringBuilder();
        for (Path page : pages()) {
            Pattern.compile("^```sh[^\n]*\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                    .matcher(Files.readString(page))
                    .results()
                    .forEach(block -> commands.append(block.group(1)));
        }
        return commands.toString();
    }

    private static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
        try (DirectoryStream<Path> manual =
                Files.newDirectoryStream(Path.of("docs/manual"), "*.md")) {
            manual.forEach(pages::add);
        }
        return pages;
    }

    private static String block(String head) throws IOException {
        Pattern form =
                Pattern.compile(
                        "^```" + Pattern.quote(head) + "\n(.*?)^```$",
                        Pattern.MULTILINE | Pattern.DOTALL);
        for (Path page : pages()) {
            Matcher block = form.matcher(Files.readString(page));
            if (block.find()) {
                return block.group(1);
            }
        }
        throw new AssertionError("no block ```" + head);
    }
}
