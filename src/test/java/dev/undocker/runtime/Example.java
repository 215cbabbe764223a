package dev.undocker.runtime;

import dev.undocker.cli.CommandOptions;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.testing.SmallRootfs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An image's config in the making, and what came of it.
public final class Example {
    public final SmallRootfs rootfs = new SmallRootfs().file("bin/app", 0755, "");
    public final List<String> warnings = new ArrayList<>();
    public Platform platform = new Platform("linux", "amd64", null);
    public List<String> entrypoint = List.of("/bin/app");
    public List<String> cmd = List.of();
    public List<String> env = List.of();
    public List<String> volumes = List.of();
    public List<String> ports = List.of();
    public Map<String, String> labels = new LinkedHashMap<>();
    public String workingDir = "";
    public String user = "";
    public String stopSignal = "";

    public ImageConfig config() {
        return new ImageConfig(
                platform,
                null,
                null,
                new ImageConfig.Process(entrypoint, cmd, env, workingDir, user, stopSignal),
                volumes,
                ports,
                labels,
                List.of());
    }

    public Volumes volumes(VolumePolicy policy) {
        return Volumes.of(config(), policy, rootfs, warnings::add);
    }

    public ProcessDescription process(String... options) {
        return process(rootfs, options);
    }

    public ProcessDescription process(RootfsView view, String... options) {
        ProcessOverrides overrides = new ProcessOverrides();
        CommandOptions.read(overrides::declare, options);
        return ProcessDescription.of(config(), overrides, view, warnings::add);
    }
}
