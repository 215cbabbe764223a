package dev.undocker.runtime.incus;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.ControlCharacters;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenDirectory;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessUser;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.StopSignal;
import dev.undocker.runtime.Volume;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherMode;
import dev.undocker.runtime.launcher.LauncherTask;
import dev.undocker.runtime.oci.OciMount;
import dev.undocker.runtime.oci.RuntimeConfig;
import dev.undocker.runtime.oci.SpecVersion;
import dev.undocker.runtime.oci.UserNamespace;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// An image's process as Incus and LXD start it.
///
/// Incus writes `config.json` into an LXC configuration, its arguments quoted for a shell and all
/// else as it is: what is not plain would be lost or become lines of that configuration. LXD does
/// not read `config.json` at all and starts `/sbin/init`.
///
/// @param launcher null when none is needed
/// @param starts true when Incus starts the launcher too, not LXD alone
public record IncusProcess(
        ImageConfig image,
        ProcessDescription process,
        @Nullable Launcher launcher,
        boolean starts) {
    /// Incus mounts `/run` for every application container that has this directory.
    public static final RuntimeMounts MOUNTS = new RuntimeMounts("Incus", List.of("/run"));

    /// Survives a shell's quotes, or needs none.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./ -]*");

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");
    private static final RootfsPath INIT = RootfsPath.of("sbin/init");

    /// @param shim whether LXD is to start the process too
    /// @throws UndockerException when a launcher is needed but cannot be made or is forbidden
    public static IncusProcess of(
            ImageConfig image,
            ProcessDescription process,
            Volumes volumes,
            LauncherMode mode,
            boolean shim,
            RootfsView rootfs,
            Warnings warnings) {
        warnOfStopSignal(process.stopSignal(), shim, warnings);
        HiddenTree hidden = HiddenTree.of(MOUNTS, process, volumes, rootfs);
        List<String> obstacles = obstacles(process);
        boolean starts = mode.wants(obstacles, hidden.directories(), image.platform());
        if (!starts) {
            if (process.argv().stream().anyMatch(ControlCharacters::in)) {
                throw new UndockerException("command line: it holds control characters")
                        .withHint("Incus can start it with --launcher auto alone");
            }
            obstacles.forEach(obstacle -> warnings.warn("not exact under Incus: " + obstacle));
        }
        if (!starts && !shim) {
            hidden.warn(false, warnings);
            return new IncusProcess(image, process, null, false);
        }
        String reason = obstacles.isEmpty() ? "a launcher was asked for" : obstacles.getFirst();
        Launcher launcher =
                launcher(process, hidden.directories(), shim, image.platform(), rootfs, reason);
        hidden.warn(starts && launcher.makesDirectories(), warnings);
        if (shim) {
            launcher = atInit(launcher, rootfs, warnings);
        }
        return new IncusProcess(image, process, launcher, starts);
    }

    /// An image cannot name the signal. LXC's own init, below which Incus starts an application,
    /// makes `SIGTERM` of what it is sent by default; who is started as an init gets it as it is.
    private static void warnOfStopSignal(StopSignal signal, boolean shim, Warnings warnings) {
        if (shim || !signal.isTerm()) {
            warnings.warn(
                    "stop signal %s: %s: set raw.lxc to 'lxc.signal.halt = %1$s'"
                            .formatted(
                                    signal.name(),
                                    shim ? "LXD sends SIGPWR" : "Incus sends SIGTERM"));
        }
    }

    private static Launcher launcher(
            ProcessDescription process,
            List<HiddenDirectory> directories,
            boolean shim,
            Platform platform,
            RootfsView rootfs,
            String reason) {
        boolean held = !shim && process.environment().stream().allMatch(IncusProcess::holds);
        return Launcher.create(
                LauncherTask.of(directories, process, held, "lxc"), platform, rootfs, reason);
    }

    private static Launcher atInit(Launcher launcher, RootfsView rootfs, Warnings warnings) {
        if (rootfs.lookup(INIT) == null) {
            return launcher.at(INIT);
        }
        warnings.warn(
                "the image has its own /sbin/init: under LXD set raw.lxc to 'lxc.init.cmd = %s'"
                        .formatted(launcher.command()));
        return launcher;
    }

    /// What would not arrive, a clause each.
    private static List<String> obstacles(ProcessDescription process) {
        List<String> obstacles = new ArrayList<>();
        if (!process.argv().stream().allMatch(word -> PLAIN.matcher(word).matches())) {
            obstacles.add("command line: Incus cannot quote it for every LXC");
        }
        for (EnvironmentVariable variable : process.environment()) {
            if (!holds(variable)) {
                obstacles.add(
                        "environment variable %s: LXC cannot hold it".formatted(variable.name()));
            }
        }
        if (!holdsDirectory(process.workingDirectory())) {
            obstacles.add(
                    "working directory %s: LXC cannot hold it"
                            .formatted(process.workingDirectory()));
        }
        if (!process.user().groups().isEmpty()) {
            obstacles.add("user: Incus does not set supplementary groups");
        }
        return obstacles;
    }

    private static boolean holds(EnvironmentVariable variable) {
        return NAME.matcher(variable.name()).matches()
                && !ControlCharacters.in(variable.value())
                && !variable.value().endsWith(" ")
                && !variable.value().endsWith("\t");
    }

    private static boolean holdsDirectory(String path) {
        return PLAIN.matcher(path).matches() && !path.endsWith(" ");
    }

    /// The `config.json` for Incus. Nothing in it is more than Incus can write down, whatever the
    /// image says.
    public byte[] config(ContainerName hostname, Volumes volumes, Warnings warnings) {
        return RuntimeConfig.json(
                image,
                started(),
                hostname,
                SpecVersion.V1_0_2,
                UserNamespace.NONE,
                OciMount.volumes(held(volumes, warnings), UserNamespace.NONE, false),
                false,
                false,
                warnings);
    }

    /// Incus makes a field of `lxc.mount.entry` of a path, without escapes.
    private static Volumes held(Volumes volumes, Warnings warnings) {
        if (!volumes.areMounted()) {
            return volumes;
        }
        volumes.warnOfHiddenContent("Incus", warnings);
        List<Volume> held = new ArrayList<>();
        for (Volume volume : volumes.all()) {
            String path = volume.mountPoint();
            if (PLAIN.matcher(path).matches() && path.indexOf(' ') < 0) {
                held.add(volume);
            } else {
                warnings.warn("volume %s: not mounted: Incus cannot hold its name".formatted(path));
            }
        }
        return new Volumes(volumes.policy(), held, volumes.declared());
    }

    /// @throws UndockerException when Incus takes no such mounts from an image
    public static void requireMountable(VolumePolicy volumes) {
        if (volumes instanceof VolumePolicy.Bind(String directory)) {
            throw UndockerException.usage(
                            "--volumes bind:%s: an image for Incus cannot name directories of its host"
                                    .formatted(directory))
                    .withHint(
                            "give the instance a device: incus config device add NAME DEVICE disk");
        }
    }

    private ProcessDescription started() {
        List<EnvironmentVariable> environment =
                process.environment().stream().filter(IncusProcess::holds).toList();
        if (launcher != null && starts) {
            return new ProcessDescription(
                    List.of(launcher.command()),
                    launcher.command(),
                    environment,
                    "/",
                    launcher.setsUser() ? root(process.user()) : process.user(),
                    process.stopSignal());
        }
        // without a launcher what Incus cannot hold is left out, never written
        return new ProcessDescription(
                process.argv(),
                process.program(),
                environment,
                holdsDirectory(process.workingDirectory()) ? process.workingDirectory() : "/",
                process.user(),
                process.stopSignal());
    }

    private static ProcessUser root(ProcessUser user) {
        return new ProcessUser(0, 0, List.of(), null, false, user.home());
    }
}
