import dev.undocker.cli.CommandRegistry;
import dev.undocker.image.ImageSource;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ArcContainer;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;

/// Writes the manual pages and the completions of all commands, from what `--help` is made of and
/// from docs/manual.
///
/// The build starts this file as a program with undocker's classes on its class path. Arguments:
/// the distribution's folder, and the day that the pages bear, as the build's time stamp has it.
/// The same sources give the same bytes.
void main(String... arguments) throws IOException {
    Path share = Path.of(arguments[0], "share");
    String day = arguments[1].substring(0, "2026-01-01".length());

    ArcContainer container = Arc.initialize();
    CommandSpec undocker = container.instance(CommandRegistry.class).get().specification();
    List<ImageSource> sources =
            container.listAll(ImageSource.class).stream().map(found -> found.get()).toList();
    CommandTree commands = new CommandTree(undocker);

    Guide guide =
            Guide.read(
                    Stream.of("images", "outputs", "machines", "answers", "runs")
                            .map("docs/manual/%s.md"::formatted)
                            .map(Path::of)
                            .toList());
    for (CommandSpec command : commands.withPages()) {
        String name = CommandTree.pageName(command);
        write(
                share.resolve("man/man1/%s.1".formatted(name)),
                new ManualPage(commands, command, guide).text(day));
    }
    Values values = new Values(commands, sources);
    write(
            share.resolve("bash-completion/completions/undocker"),
            new BashCompletion(commands, values).text());
    write(
            share.resolve("zsh/site-functions/_undocker"),
            new ZshCompletion(commands, values).text());
    write(
            share.resolve("fish/vendor_completions.d/undocker.fish"),
            new FishCompletion(commands, values).text());
}

void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
}
