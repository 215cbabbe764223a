package dev.undocker.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.List;

/// The command without a subcommand.
final class UndockerCommand implements Runnable {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);

    private UndockerCommand() {}

    static CommandSpec spec() {
        CommandSpec spec = new UndockerCommand().spec;
        spec.name("undocker").versionProvider(new Version());
        spec.usageMessage()
                .description(
                        "Turns Docker and OCI images into root filesystems.",
                        "",
                        "IMAGE is docker://NAME[:TAG] in a registry, the PATH of a docker-archive,"
                                + " an OCI layout or an OCI archive, - for standard input,"
                                + " docker-daemon:NAME[:TAG] in Docker,"
                                + " containers-storage:NAME[:TAG] in podman, or"
                                + " TRANSPORT:PATH[:NAME] with one of docker-archive, oci,"
                                + " oci-archive, dir. OUT may be - for standard output."
                                + " undocker COMMAND --help lists a command's options.",
                        "")
                .commandListHeading("%nCommands:%n")
                .synopsisSubcommandLabel("COMMAND");
        new CommandOptions(spec)
                .examples(
                        List.of(
                                "undocker rootfs docker://nginx nginx.tar.zst",
                                "undocker dir image.tar nginx",
                                "docker save nginx | undocker rootfs - nginx.tar"));
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
