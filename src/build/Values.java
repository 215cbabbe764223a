import dev.undocker.image.ImageSource;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What can stand in the place of a value, as far as its label in the help says.
final class Values {
    /// In a list of values: names of files, of directories, or nothing that is known, alone or
    /// behind what a value can begin with.
    private static final String FILE = "<FILE>";

    private static final String DIRECTORY = "<DIRECTORY>";
    private static final String ANYTHING = "<>";

    private static final Pattern CHOICE =
            Pattern.compile("[^a-z|]+\\|[a-z]+|[a-z0-9.]+(\\|[a-z0-9.]+(:[A-Z]+)?)+");

    private final List<String> image;
    private final List<String> output;

    Values(CommandTree commands, List<ImageSource> sources) {
        image = imageForms(sources);
        output = outputForms(commands.root());
    }

    /// Each element is a word, or a beginning, maybe empty, and what follows it in pointed
    /// brackets: `xz`, `oci:<FILE>`, `docker://<>`, `<DIRECTORY>`. An empty list where nothing is
    /// known.
    List<String> of(ArgSpec argument) {
        String label = argument.paramLabel();
        return switch (label) {
            case "FILE", "OUT" -> List.of(FILE);
            case "DIR", "DIRECTORY" -> List.of(DIRECTORY);
            case "IMAGE", "A", "B" -> image;
            case String form when form.startsWith("KIND") && form.endsWith(":DEST") -> output;
            case String choice when CHOICE.matcher(choice).matches() -> choices(choice);
            default -> List.of();
        };
    }

    private static List<String> choices(String label) {
        return Stream.of(label.split("\\|"))
                .map(word -> word.matches("[^a-z]+") ? ANYTHING : word)
                .map(word -> word.replace(":DIR", ":" + DIRECTORY))
                .toList();
    }

    /// The source that needs no word is the one that reads files.
    private static List<String> imageForms(List<ImageSource> sources) {
        List<String> forms = new ArrayList<>();
        for (ImageSource source : sources) {
            String rest = source.transports().contains("") ? FILE : ANYTHING;
            for (String transport : source.transports()) {
                if (!transport.isEmpty()) {
                    forms.add((transport.equals("docker") ? "docker://" : transport + ":") + rest);
                }
            }
        }
        forms.sort(null);
        forms.add(FILE);
        return forms;
    }

    /// A kind of output is a command from an image to a place.
    private static List<String> outputForms(CommandSpec root) {
        List<String> forms = new ArrayList<>();
        for (CommandSpec command : CommandTree.children(root)) {
            List<String> labels =
                    CommandTree.parameters(command).stream().map(ArgSpec::paramLabel).toList();
            if (labels.equals(List.of("IMAGE", "OUT"))) {
                forms.add(command.name() + ":" + FILE);
            } else if (labels.equals(List.of("IMAGE", "DIRECTORY"))) {
                forms.add(command.name() + ":" + DIRECTORY);
            }
        }
        return forms;
    }
}
