package dev.undocker.output.lxc;

import dev.undocker.Options;
import dev.undocker.output.OutputRequest;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.lxc.LxcConfig;
import dev.undocker.runtime.lxc.LxcVersion;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/// What a container runs and which LXC starts it: options.
final class LxcProcess {
    private final ProcessOverrides overrides = new ProcessOverrides();
    private @Nullable String chosen;
    private LxcVersion installed = LxcVersion.V5;

    /// Adds the options.
    void declare(Options options) {
        overrides.declare(options);
        options.text(
                "--lxc-version",
                "5|6",
                "oldest LXC that has to read the configuration; 6, which 7 is too, can quote"
                        + " arguments (default: 5, with --format dir that of lxc-start here)",
                number -> chosen = number);
    }

    /// Takes the version of this machine's LXC, unless one is chosen.
    ///
    /// @return a sentence about what was found
    List<String> lookAround() {
        if (chosen != null) {
            return List.of();
        }
        Optional<String> text = InstalledLxc.version();
        installed = text.map(LxcVersion::ofProgram).orElse(LxcVersion.V5);
        return text.map(found ->
                        List.of(
                                "LXC %s is installed: written as with --lxc-version %s"
                                        .formatted(found, installed)))
                .orElse(List.of());
    }

    /// @throws dev.undocker.UndockerException when an option cannot be understood
    void validate() {
        overrides.validate();
        version();
    }

    /// @throws dev.undocker.UndockerException when there is no such version
    LxcVersion version() {
        return chosen == null ? installed : LxcVersion.parse(chosen);
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
