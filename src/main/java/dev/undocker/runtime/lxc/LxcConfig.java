package dev.undocker.runtime.lxc;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.Volume;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The text of an LXC configuration (lxc.container.conf(5)) for one image.
///
/// An unknown key or a bad value makes LXC refuse the whole file, so only keys that LXC 5 to 7 know
/// are written, and only values that are read back as they were meant.
public final class LxcConfig {
    /// What `common.conf` and `lxc.autodev` mount.
    public static final RuntimeMounts MOUNTS = new RuntimeMounts("LXC", List.of());

    private final ImageConfig image;
    private final ProcessDescription process;
    private final LxcVersion version;
    private final StringBuilder text = new StringBuilder();

    private LxcConfig(ImageConfig image, ProcessDescription process, LxcVersion version) {
        this.image = image;
        this.process = process;
        this.version = version;
    }

    /// A configuration for a root file system that holds the image's files and nothing else. It can
    /// be given to `lxc-create -f` or stand in the meta tar of `lxc-create -t local`. What LXC
    /// cannot express is left out, with a warning for each thing.
    public static String alone(
            ImageConfig image, ProcessDescription process, LxcVersion version, Warnings warnings) {
        LxcConfig config = new LxcConfig(image, process, version);
        config.include(LxcFiles.INSTALLED, "common.conf");
        config.architecture();
        config.process(null);
        config.comments();
        config.warnAboutLimits(warnings);
        return config.text.toString();
    }

    /// A configuration that goes with a root file system of ours.
    ///
    /// @param files LXC's own, where the configuration will be read
    /// @param userNamespace true for a container whose root is no root on the host
    /// @param launcher null when the root file system has none; then what LXC cannot express is
    ///   left out, with a warning for each thing
    public static String bundle(
            ImageConfig image,
            ProcessDescription process,
            LxcVersion version,
            LxcFiles files,
            boolean userNamespace,
            Volumes volumes,
            LxcNetwork network,
            @Nullable Launcher launcher,
            RootfsView rootfs,
            Warnings warnings) {
        LxcConfig config = new LxcConfig(image, process, version);
        config.include(files, "common.conf");
        if (userNamespace) {
            config.include(files, "userns.conf");
        }
        config.architecture();
        config.process(launcher);
        volumes.warnOfHiddenContent("LXC", warnings);
        config.mounts(volumes, new LxcMounts(volumes.policy(), warnings));
        config.network(network, files, rootfs);
        config.comments();
        if (launcher == null) {
            config.warnAboutLimits(warnings);
        }
        return config.text.toString();
    }

    /// @throws UndockerException when LXC cannot hold the name of a directory to mount
    public static void requireMountable(VolumePolicy volumes) {
        if (volumes instanceof VolumePolicy.Bind(String directory)
                && !LxcGrammar.holds(directory)) {
            throw UndockerException.usage(
                    "--volumes bind:%s: LXC cannot mount this directory".formatted(directory));
        }
    }

    private void warnAboutLimits(Warnings warnings) {
        for (String limit : LxcLimits.of(process, version)) {
            warnings.warn("not exact in the LXC configuration: " + limit);
        }
    }

    private void include(LxcFiles files, String name) {
        line("lxc.include", files.configuration(name));
    }

    private void architecture() {
        Optional<String> known = LxcArchitecture.of(image.platform());
        known.ifPresentOrElse(
                name -> line("lxc.arch", name),
                () -> comment("no lxc.arch: LXC has no name for " + image.platform()));
    }

    private void process(@Nullable Launcher launcher) {
        List<String> argv = launcher == null ? process.argv() : List.of(launcher.command());
        LxcGrammar.command(argv, version)
                .ifPresent(command -> {
                    line("lxc.init.cmd", command);
                    // what lxc-execute starts, where the other is lxc-start's
                    line("lxc.execute.cmd", command);
                });
        if (launcher == null && LxcGrammar.holds(process.workingDirectory())) {
            line("lxc.init.cwd", LxcGrammar.quoted(process.workingDirectory()));
        }
        if (launcher == null || !launcher.setsUser()) {
            user();
        }
        // the default is SIGPWR, which only an init understands
        line("lxc.signal.halt", process.stopSignal().name());
        if (launcher == null || !launcher.setsEnvironment()) {
            process.environment().stream()
                    .map(EnvironmentVariable::assignment)
                    .filter(LxcGrammar::holds)
                    .forEach(entry -> line("lxc.environment", LxcGrammar.quoted(entry)));
        }
    }

    private void user() {
        line("lxc.init.uid", Long.toString(process.user().uid()));
        line("lxc.init.gid", Long.toString(process.user().gid()));
        if (!process.user().groups().isEmpty()) {
            line(
                    "lxc.init.groups",
                    process.user().groups().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(",")));
        }
    }

    private void mounts(Volumes volumes, LxcMounts mounts) {
        line("lxc.mount.entry", LxcMounts.SHARED_MEMORY);
        for (Volume volume : volumes.all()) {
            mounts.entry(volume).ifPresent(entry -> line("lxc.mount.entry", entry));
        }
    }

    private void network(LxcNetwork network, LxcFiles files, RootfsView rootfs) {
        switch (network) {
            case CONFIGURED -> {
                if (LxcMounts.resolverIsMounted(rootfs)) {
                    line("lxc.mount.entry", LxcMounts.RESOLVER);
                }
            }
            case DHCP -> {
                line("lxc.hook.start-host", files.hook("dhclient"));
                line("lxc.hook.stop", files.hook("dhclient"));
            }
        }
    }

    private void comments() {
        image.exposedPorts().forEach(port -> comment("exposed port: " + port));
        image.volumes().forEach(volume -> comment("volume: " + volume));
        image.labels().forEach((name, value) -> comment("label: " + name + "=" + value));
    }

    private void line(String key, String value) {
        text.append(key).append(" = ").append(value).append('\n');
    }

    private void comment(String comment) {
        text.append("# ")
                .append(RootfsPath.printable(comment.getBytes(StandardCharsets.UTF_8)))
                .append('\n');
    }
}
