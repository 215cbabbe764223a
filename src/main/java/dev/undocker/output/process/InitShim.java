package dev.undocker.output.process;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.image.ImageConfig;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherTask;
import dev.undocker.runtime.launcher.MachineStart;

import java.util.List;
import java.util.function.Function;

/// Whether a root file system of a machine gets a first process that starts the image's: options.
public final class InitShim {
    /// What a kernel starts by itself from a disk.
    public static final RootfsPath ON_DISK = RootfsPath.of("sbin/init");

    /// The same from an initial RAM file system.
    public static final RootfsPath IN_MEMORY = RootfsPath.of("init");

    private static final RuntimeMounts MOUNTS = new RuntimeMounts("the machine", List.of("/run"));

    private final RootfsPath place;
    private final ProcessOverrides overrides = new ProcessOverrides();
    private boolean wanted;

    /// @param place where the kernel looks for it
    public InitShim(RootfsPath place) {
        this.place = place;
    }

    /// Adds the options.
    public void declare(Options options) {
        options.flag(
                "--init-shim",
                "add a launcher as /%s, which a kernel starts: it mounts /proc, /sys, /dev and /run,"
                                .formatted(place)
                        + " runs the image's command, and powers the machine off",
                given -> wanted = given);
        overrides.declare(options);
    }

    /// @throws UndockerException when an option cannot be understood
    public void validate() {
        overrides.validate();
    }

    /// The sink that `open` makes, with all that the first process needs.
    public RootfsSink into(OutputRequest request, Function<OutputRequest, RootfsSink> open) {
        return wanted ? additions(request).applyTo(open.apply(request)) : open.apply(request);
    }

    private RootfsAdditions additions(OutputRequest request) {
        ImageConfig image = request.image().config();
        ProcessDescription process =
                ProcessDescription.of(image, overrides, request.rootfs(), request.events());
        Volumes volumes =
                Volumes.of(image, new VolumePolicy.Directory(), request.rootfs(), request.events());
        HiddenTree hidden = HiddenTree.of(MOUNTS, process, volumes, request.rootfs());
        hidden.warn(true, request.events());
        Launcher launcher =
                Launcher.createInit(
                        new LauncherTask(
                                hidden.directories(),
                                process.workingDirectory(),
                                process.user(),
                                process.program(),
                                process.argv(),
                                process.environment()),
                        new MachineStart(
                                ContainerName.ofImage(request.image().name()).toString(),
                                process.stopSignal().number()),
                        image.platform(),
                        request.rootfs());
        if (request.rootfs().contains(place)) {
            request.events()
                    .warn(
                            "the image has its own /%s: tell the kernel %s=%s"
                                    .formatted(
                                            place,
                                            place.equals(IN_MEMORY) ? "rdinit" : "init",
                                            launcher.command()));
        } else {
            launcher = launcher.at(place);
        }
        return new RootfsAdditions(request.rootfs(), request.events())
                .directory("working directory", process.workingDirectory())
                .volumes(volumes)
                .names(NameFile.HOSTS)
                .mountPoints(MOUNTS)
                .launcher(launcher);
    }
}
