package dev.undocker.runtime.wsl;

import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.Login;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherTask;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An image as a distribution of WSL 2.4.4 and later
/// (<https://learn.microsoft.com/windows/wsl/build-custom-distro>,
/// <https://learn.microsoft.com/windows/wsl/wsl-config>).
///
/// WSL starts shells for whoever logs in, and in the background, as root, one command when the
/// distribution starts: `boot.command` of `wsl.conf`. It gives that to `/bin/sh -c`
/// (`src/linux/init/config.cpp` of WSL), so the command is a launcher, whose name no shell takes
/// for something else, and which sets user, directory and environment. An image whose program is an
/// init is started by `boot.systemd` instead.
///
/// @param launcher null where the image's program is an init
/// @param login who gets a shell by default, null for root
public record WslDistribution(
        ProcessDescription process, @Nullable Launcher launcher, @Nullable Login login) {
    /// WSL mounts a tmpfs there; the rest of its mounts lies below `/mnt` and the kernel's own.
    public static final RuntimeMounts MOUNTS = new RuntimeMounts("WSL", List.of("/run"));

    private static final Set<String> INITS =
            Set.of(
                    "/sbin/init",
                    "/usr/sbin/init",
                    "/lib/systemd/systemd",
                    "/usr/lib/systemd/systemd");
    private static final RootfsPath PROFILE = RootfsPath.of("etc/profile");
    private static final Set<String> PROCESSORS = Set.of("amd64", "arm64");

    /// @param warnings hear of what WSL misses in the image, and of what it cannot do
    /// @throws dev.undocker.UndockerException when there can be no launcher
    public static WslDistribution of(
            ImageConfig image,
            ProcessDescription process,
            Volumes volumes,
            RootfsView rootfs,
            Warnings warnings) {
        Platform platform = image.platform();
        if (!PROCESSORS.contains(platform.architecture())) {
            warnings.warn("an image for %s: WSL runs on amd64 and arm64 alone".formatted(platform));
        }
        warnOfMissing(rootfs, warnings);
        HiddenTree hidden = HiddenTree.of(MOUNTS, process, volumes, rootfs);
        Launcher launcher =
                INITS.contains(process.program())
                        ? null
                        : Launcher.create(
                                new LauncherTask(
                                        hidden.directories(),
                                        process.workingDirectory(),
                                        process.user(),
                                        process.program(),
                                        process.argv(),
                                        process.environment()),
                                platform,
                                rootfs,
                                "boot command");
        hidden.warn(launcher != null && launcher.makesDirectories(), warnings);
        if (launcher != null && !launcher.setsUser() && !process.user().isPlainRoot()) {
            warnings.warn("user: WSL starts the program as root, and a shell cannot change that");
        }
        if (!process.stopSignal().isTerm()) {
            warnings.warn(
                    "stop signal %s: WSL ends its distributions without it"
                            .formatted(process.stopSignal().name()));
        }
        return new WslDistribution(process, launcher, login(process, rootfs, warnings));
    }

    private static void warnOfMissing(RootfsView rootfs, Warnings warnings) {
        if (!(rootfs.resolve(RootfsPath.of("bin/sh")) instanceof Inode.RegularFile)) {
            warnings.warn("the image has no /bin/sh, with which WSL starts everything");
        }
        if (Login.of(0, rootfs, warnings).isEmpty()) {
            warnings.warn("the image's /etc/passwd has no root, whom WSL needs");
        }
    }

    /// Root where the image's own user cannot log in, as those of services cannot.
    private static @Nullable Login login(
            ProcessDescription process, RootfsView rootfs, Warnings warnings) {
        long uid = process.user().uid();
        if (uid == 0) {
            return null;
        }
        Optional<Login> login =
                Login.of(uid, rootfs, warnings).filter(found -> found.isPossible(rootfs));
        if (login.isEmpty()) {
            warnings.warn(
                    "user %d: shells are root's, because the image's /etc/passwd has no shell for it"
                            .formatted(uid));
        }
        return login.orElse(null);
    }

    /// `/etc/wsl-distribution.conf`: what the distribution is called, and who logs in. Without
    /// `oobe.defaultName` a double click on the file does not install it.
    public String distribution(ContainerName name) {
        StringBuilder text = new StringBuilder("[oobe]\n");
        text.append("defaultName = ").append(name).append('\n');
        text.append("defaultUid = ").append(login == null ? 0 : process.user().uid()).append('\n');
        return text.toString();
    }

    /// `/etc/wsl.conf`.
    public String settings() {
        StringBuilder text = new StringBuilder("[boot]\n");
        text.append("systemd = ").append(launcher == null).append('\n');
        if (launcher != null) {
            text.append("command = ").append(launcher.command()).append('\n');
        }
        text.append("\n[user]\ndefault = ").append(login == null ? "root" : login.name());
        return text.append('\n').toString();
    }

    /// Where shells find the image's environment: a file that `/etc/profile` reads in every usual
    /// distribution, or that file itself where the image has none.
    public static String profilePath(RootfsView rootfs) {
        return rootfs.contains(PROFILE) ? "etc/profile.d/undocker.sh" : PROFILE.toString();
    }

    /// The image's environment for shells, but for what a login sets itself.
    public String profile() {
        return process.environment().stream()
                .filter(variable -> variable.name().matches("[A-Za-z_][A-Za-z0-9_]*"))
                .filter(variable -> !variable.name().equals("HOME"))
                .map(WslDistribution::export)
                .collect(Collectors.joining());
    }

    private static String export(EnvironmentVariable variable) {
        String value = "'" + variable.value().replace("'", "'\\''") + "'";
        // WSL puts the directories of Windows there
        String further = variable.name().equals("PATH") ? "\"${PATH:+:$PATH}\"" : "";
        return "export %s=%s%s\n".formatted(variable.name(), value, further);
    }
}
