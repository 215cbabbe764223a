package dev.undocker.output.process;

import dev.undocker.Options;
import dev.undocker.runtime.VolumePolicy;

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

    /// @throws dev.undocker.UndockerException when there is no such policy
    public VolumePolicy policy() {
        return VolumePolicy.parse(policy);
    }
}
