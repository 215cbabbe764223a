package dev.undocker.runtime.launcher;

import dev.undocker.UndockerException;
import dev.undocker.image.Platform;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import java.util.Optional;

/// A launcher as it stands in the root file system: `/.undocker-init`, or with a number behind it
/// when the image has that name. It always sets the working directory and the command line; the
/// rest is the runtime's to set where the launcher does not.
///
/// @param path a name that the image leaves free
/// @param content the executable's bytes; the array is never written again
/// @param setsEnvironment true when the runtime's environment is replaced
/// @param setsUser true when uid, gid and supplementary groups are set
/// @param makesDirectories true when the task's directories are made
public record Launcher(
        RootfsPath path,
        byte[] content,
        boolean setsEnvironment,
        boolean setsUser,
        boolean makesDirectories) {
    /// The file's permission bits; owner and group are 0.
    public static final int MODE = 0755;

    private static final String NAME = ".undocker-init";

    /// Makes a launcher for the image's processor, or else for its shell.
    ///
    /// @param reason what a configuration cannot express, for the message
    /// @throws UndockerException when neither can be made
    public static Launcher create(
            LauncherTask task, Platform platform, RootfsView rootfs, String reason) {
        RootfsPath path = freePath(rootfs);
        boolean setsEnvironment = task.environment() != null;
        Optional<InstructionSet> known = InstructionSet.of(platform);
        if (known.isPresent()) {
            byte[] content = ElfLauncher.build(known.get(), task, null);
            return new Launcher(path, content, setsEnvironment, true, true);
        }
        if (!(rootfs.resolve(RootfsPath.of("bin/sh")) instanceof Inode.RegularFile)) {
            throw new UndockerException(
                    "%s: no launcher for %s, and the image has no /bin/sh"
                            .formatted(reason, platform),
                    "leave out what the configuration cannot express with --launcher never",
                    null);
        }
        byte[] content = ShellLauncher.build(task);
        return new Launcher(
                path, content, setsEnvironment, false, ShellLauncher.makesDirectories(task));
    }

    /// Makes the first process of a machine.
    ///
    /// @throws UndockerException when there is none for the image's processor
    public static Launcher createInit(
            LauncherTask task, MachineStart machine, Platform platform, RootfsView rootfs) {
        InstructionSet set =
                InstructionSet.of(platform)
                        .orElseThrow(() ->
                                new UndockerException("--init-shim: no launcher for " + platform));
        byte[] content = ElfLauncher.build(set, task, machine);
        return new Launcher(freePath(rootfs), content, task.environment() != null, true, true);
    }

    private static RootfsPath freePath(RootfsView rootfs) {
        RootfsPath path = RootfsPath.of(NAME);
        for (int number = 1; rootfs.contains(path); number++) {
            path = RootfsPath.of(NAME + "-" + number);
        }
        return path;
    }

    /// The command that the runtime starts.
    public String command() {
        return "/" + path;
    }

    /// The same launcher under another name.
    public Launcher at(RootfsPath other) {
        return new Launcher(other, content, setsEnvironment, setsUser, makesDirectories);
    }
}
