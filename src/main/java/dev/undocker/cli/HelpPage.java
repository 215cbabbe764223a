package dev.undocker.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IHelpFactory;
import picocli.CommandLine.Model.CommandSpec;

/// Makes the help as wide and as colourful as where it goes; asked for when there is help to show.
final class HelpPage implements IHelpFactory {
    private final Screen screen;

    /// @param screen where help goes
    HelpPage(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Help create(CommandSpec command, ColorScheme usual) {
        command.usageMessage().width(screen.helpColumns());
        return new Help(
                command,
                new ColorScheme.Builder(screen.isColoured() ? Ansi.ON : Ansi.OFF)
                        .commands(Style.bold)
                        .options(Style.bold)
                        .build());
    }
}
