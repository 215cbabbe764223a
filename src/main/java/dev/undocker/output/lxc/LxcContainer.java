package dev.undocker.output.lxc;

import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.lxc.LxcConfig;
import dev.undocker.runtime.lxc.LxcFiles;
import dev.undocker.runtime.lxc.LxcNetwork;
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
        LxcNetwork network,
        Optional<Launcher> launcher,
        RootfsView rootfs) {
    /// @param files LXC's own, where the configuration will be read
    String config(LxcFiles files, boolean userNamespace, Warnings warnings) {
        return LxcConfig.bundle(
                image,
                process,
                version,
                files,
                userNamespace,
                volumes,
                network,
                launcher.orElse(null),
                rootfs,
                warnings);
    }

    /// What `lxc-create` prints when it is done.
    String createMessage() {
        return """
        The container holds the image %s. With the name it was made for:
          lxc-start -n %s -F    starts it in this terminal
          lxc-start -n %<s       starts it in the background
          lxc-stop -n %<s        stops it with %s
        %s
        """
                .formatted(
                        RootfsPath.printable(imageName.getBytes(StandardCharsets.UTF_8)),
                        name,
                        process.stopSignal().name(),
                        switch (network) {
                            case CONFIGURED ->
                                    "The program asks nobody for an address: see"
                                            + " lxc.net.0.ipv4.address in\n"
                                            + "lxc.container.conf(5).";
                            case DHCP ->
                                    "At the start /sbin/dhclient of this machine asks for its"
                                            + " address.";
                        });
    }
}
