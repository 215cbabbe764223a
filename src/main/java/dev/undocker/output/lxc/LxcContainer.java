package dev.undocker.output.lxc;

import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.lxc.LxcConfig;
import dev.undocker.runtime.lxc.LxcVersion;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One container, whatever form it is written in.
///
/// @param imageName as the image says it
/// @param launcher what the root file system gets where the configuration alone is not exact
record LxcContainer(
        String imageName,
        ContainerName name,
        ImageConfig image,
        ProcessDescription process,
        LxcVersion version,
        Volumes volumes,
        Optional<Launcher> launcher) {
    /// @param includes where LXC's own files are found: see [LxcConfig]
    String config(String includes, boolean userNamespace, Warnings warnings) {
        return LxcConfig.bundle(
                image,
                process,
                version,
                includes,
                userNamespace,
                volumes,
                launcher.orElse(null),
                warnings);
    }

    /// What `lxc-create` prints when it is done.
    String createMessage() {
        return """
        The container holds the image %s. With the name it was made for:
          lxc-start -n %s -F    starts it in this terminal
          lxc-start -n %<s       starts it in the background
          lxc-stop -n %<s        stops it with %s
        The program asks nobody for an address: see lxc.net.0.ipv4.address in
        lxc.container.conf(5).
        """
                .formatted(
                        RootfsPath.printable(imageName.getBytes(StandardCharsets.UTF_8)),
                        name,
                        process.stopSignal().name());
    }
}
