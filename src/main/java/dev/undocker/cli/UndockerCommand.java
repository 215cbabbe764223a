package dev.undocker.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The command without a subcommand.
final class UndockerCommand implements Runnable {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    private UndockerCommand() {}

    static CommandSpec spec() {
        CommandSpec spec = new UndockerCommand().spec;
        spec.name("undocker").versionProvider(new Version());
        spec.usageMessage()
                .description("Turns Docker and OCI images into root filesystems.")
                .synopsisSubcommandLabel("COMMAND")
                .footer(
                        "",
                        "IMAGE is a docker-archive, an OCI layout or an OCI archive: a path,",
                        "- for standard input, docker://NAME[:TAG] in a registry,",
                        "docker-daemon:NAME[:TAG] in Docker,",
                        "containers-storage:NAME[:TAG] in podman, or transport:path[:name]",
                        "with one of docker-archive, oci, oci-archive, dir.",
                        "OUT may be - for standard output.",
                        "undocker COMMAND --help lists a command's options.");
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .usageHelp(true)
                        .scopeType(CommandLine.ScopeType.INHERIT)
                        .description("show this help and exit")
                        .build());
        spec.addOption(
                OptionSpec.builder("-V", "--version")
                        .type(boolean.class)
                        .versionHelp(true)
                        .description("print the version and exit")
                        .build());
        return spec;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }
}
