package dev.undocker.cli;

import dev.undocker.Spelling;
import dev.undocker.output.ShellCommand;

import picocli.CommandLine.Model.CommandSpec;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Words of docker's command line that are not this program's, and what to type instead.
final class DockerHabit {
    private static final Map<String, String> OPTIONS =
            Map.of("-e", "--env", "-u", "--user", "-w", "--workdir", "-f", "--force");

    private DockerHabit() {}

    /// A hint about what docker has as a command.
    static Optional<String> command(String word) {
        return Optional.ofNullable(
                switch (word) {
                    case "run", "create", "start", "exec" ->
                            "undocker starts nothing: undocker bundle IMAGE DIRECTORY writes what"
                                    + " runc run starts, and nspawn, lxc, incus are for others";
                    case "pull", "login" ->
                            "a registry is asked when it is needed: undocker rootfs docker://NAME"
                                    + " OUT";
                    case "build", "commit" ->
                            "what docker has built is undocker rootfs docker-daemon:NAME OUT";
                    case "save", "export", "cp" -> "a tar is undocker rootfs IMAGE OUT";
                    case "load", "import" -> "the file is an IMAGE: undocker rootfs FILE OUT";
                    case "images", "rmi" ->
                            "what is kept of registries is undocker cache ls, and goes with"
                                    + " undocker cache prune";
                    case "help" -> "undocker --help, or undocker COMMAND --help";
                    default ->
                            word.indexOf(':') > 0 || word.indexOf('/') > 0
                                    ? "an image comes behind a command: undocker rootfs "
                                            + ShellCommand.of(word)
                                            + " OUT"
                                    : null;
                });
    }

    /// A hint about what docker has as an option.
    ///
    /// @param form the command without it
    static Optional<String> option(String word, CommandSpec spec, String form) {
        String longer = OPTIONS.get(word);
        if (longer != null && spec.findOption(longer) != null) {
            return Spelling.question(List.of(longer));
        }
        return Optional.ofNullable(
                switch (word) {
                    case "-o", "--output" -> "where it goes is the last word: write " + form;
                    case "-t",
                            "--tty",
                            "-i",
                            "--interactive",
                            "-it",
                            "-ti",
                            "-d",
                            "--detach",
                            "--rm",
                            "-p",
                            "--publish",
                            "--net",
                            "--network",
                            "--restart",
                            "--privileged",
                            "--mount",
                            "--volume" ->
                            "undocker starts no container: write " + form;
                    default -> null;
                });
    }
}
