package dev.undocker.output.lxc;

import dev.undocker.output.OutputRequest;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.lxc.LxcVersion;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a container runs and which LXC starts it; a picocli mixin.
final class LxcProcess {
    @Mixin private final ProcessOverrides overrides = new ProcessOverrides();

    @Option(
            names = "--lxc-version",
            paramLabel = "5|6",
            description =
                    "oldest LXC that has to read the configuration; 6 can quote arguments"
                            + " (default: 5)")
    private String version = LxcVersion.V5.toString();

    /// @throws dev.undocker.UndockerException when there is no such version
    LxcVersion version() {
        return LxcVersion.parse(version);
    }

    ProcessDescription describe(OutputRequest request) {
        return ProcessDescription.of(
                request.image().config(), overrides, request.rootfs(), request.warnings());
    }
}
