package dev.undocker.output.lxc;

import dev.undocker.Options;
import dev.undocker.output.OutputRequest;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.lxc.LxcConfig;
import dev.undocker.runtime.lxc.LxcVersion;

/// What a container runs and which LXC starts it: options.
final class LxcProcess {
    private final ProcessOverrides overrides = new ProcessOverrides();
    private String version = LxcVersion.V5.toString();

    /// Adds the options.
    void declare(Options options) {
        overrides.declare(options);
        options.text(
                "--lxc-version",
                "5|6",
                "oldest LXC that has to read the configuration; 6 can quote arguments (default: 5)",
                number -> version = number);
    }

    /// @throws dev.undocker.UndockerException when an option cannot be understood
    void validate() {
        overrides.validate();
        version();
    }

    /// @throws dev.undocker.UndockerException when there is no such version
    LxcVersion version() {
        return LxcVersion.parse(version);
    }

    /// The process, and a word of what LXC hides.
    ProcessDescription describe(OutputRequest request) {
        ProcessDescription process =
                ProcessDescription.of(
                        request.image().config(), overrides, request.rootfs(), request.events());
        HiddenTree.of(LxcConfig.MOUNTS, process, Volumes.NONE, request.rootfs())
                .warn(false, request.events());
        return process;
    }
}
