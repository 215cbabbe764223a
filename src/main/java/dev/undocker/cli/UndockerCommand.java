package dev.undocker.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command without a subcommand.
@Command(
        name = "undocker",
        description = "Turns Docker and OCI images into root filesystems.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class,
        footer = {
            "",
            "IMAGE is a docker-archive, an OCI layout or an OCI archive: a path,",
            "- for standard input, or transport:path[:name] with one of",
            "docker-archive, oci, oci-archive. OUT may be - for standard output.",
            "undocker COMMAND --help lists a command's options."
        })
final class UndockerCommand implements Runnable {
    @Spec CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "show this help and exit")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "print the version and exit")
    boolean version;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
