package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A page of `docs`, whose shell blocks are tests.
///
/// @param name of the file, without its suffix
public record Guide(String name, List<Block> blocks) {
    private static final Path FOLDER = Path.of("docs");

    private static final Pattern FENCE =
            Pattern.compile("^```([^\n]*)\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    /// A fenced block.
    ///
    /// @param tag what follows the fence: `sh run` for commands that a machine with Debian's
    ///   packages runs, `sh elsewhere` for those that need something else, `text` for what the
    ///   block before it prints, `yaml` for a file
    public record Block(String tag, String text) {}

    public static List<Guide> all() throws IOException {
        List<Guide> guides = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(".md")) {
                    guides.add(read(file));
                }
            }
        }
        return guides;
    }

    /// The commands of a guide that a machine with Debian's packages runs.
    public static String commands(String name) throws IOException {
        return read(FOLDER.resolve(name + ".md")).blocks().stream()
                .filter(block -> block.tag().equals("sh run"))
                .map(Block::text)
                .collect(Collectors.joining());
    }

    private static Guide read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher fence = FENCE.matcher(Files.readString(file));
        while (fence.find()) {
            blocks.add(new Block(fence.group(1), fence.group(2)));
        }
        String name = file.getFileName().toString().replaceFirst("\\.md$", "");
        return new Guide(name, List.copyOf(blocks));
    }
}
