package dev.undocker.output.process;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.output.PathKind;
import dev.undocker.output.ShellCommand;
import dev.undocker.runtime.VolumePolicy;

import java.nio.file.Path;
import java.util.List;

/// What becomes of an image's volumes: an option.
public final class VolumesOption {
    private String policy = "dir";

    /// Adds the option.
    public void declare(Options options) {
        options.text(
                "--volumes",
                "dir|tmpfs|bind:DIR",
                "what the image's volumes are: directories of the container, which keep what is"
                        + " written there (default), a tmpfs each, or the same paths below a"
                        + " directory of this machine",
                value -> policy = value);
    }

    /// Checks that there is such a policy, and the directory that it names.
    ///
    /// @throws UndockerException when not
    public void validate() {
        if (policy() instanceof VolumePolicy.Bind(String directory)
                && PathKind.behind(Path.of(directory)) != PathKind.DIRECTORY) {
            throw new UndockerException("--volumes bind:%s: no such directory".formatted(directory))
                    .withHint(
                            "make it first: " + ShellCommand.of("mkdir", "-p", Path.of(directory)));
        }
    }

    /// The directory of this machine in which missing volumes are made, if there is one.
    ///
    /// @throws UndockerException when there is no such policy
    public List<String> destinations() {
        return policy() instanceof VolumePolicy.Bind(String directory)
                ? List.of(directory)
                : List.of();
    }

    /// @throws UndockerException when there is no such policy
    public VolumePolicy policy() {
        return VolumePolicy.parse(policy);
    }
}
