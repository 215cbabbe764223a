package dev.undocker.output.proxmox;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.codec.Compression;
import dev.undocker.image.ImageConfig;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.PortsAndLabels;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.tar.TarOutput;
import dev.undocker.output.tar.TarSink;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.launcher.LauncherTask;
import dev.undocker.runtime.proxmox.OsType;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `proxmox`: a template from which `pct create` of Proxmox VE makes a container, by the rules of
/// pve-container 6.1. Its name ends in `.tar` and a compression that `PVE/LXC/Create.pm` knows;
/// names of members begin with `./`, because device nodes are left out by `./dev/*`. A container
/// starts `/sbin/init` with nothing in its environment, so there stands a launcher, unless the
/// image has an init of its own.
@Singleton
public class ProxmoxWriter implements OutputWriter {
    @Override
    public String name() {
        return "proxmox";
    }

    @Override
    public String summary() {
        return "Write a container template for Proxmox VE";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public String usualSuffix() {
        return ".tar.zst";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker proxmox docker://nginx nginx.tar.zst",
                "undocker proxmox --env DEBUG=1 image.tar nginx.tar.xz");
    }

    @Override
    public Settings newSettings() {
        return new TemplateSettings();
    }

    /// What the container runs.
    static final class TemplateSettings implements Settings {
        private static final RuntimeMounts MOUNTS = new RuntimeMounts("Proxmox VE", List.of());
        private static final RootfsPath INIT = RootfsPath.of("sbin/init");

        /// Proxmox VE adds its interfaces to those that it finds.
        private static final byte[] INTERFACES =
                "auto lo\niface lo inet loopback\n".getBytes(StandardCharsets.US_ASCII);

        private final ProcessOverrides overrides = new ProcessOverrides();
        private @Nullable Integer level;
        private @Nullable OsType system;
        private boolean ownInit;

        @Override
        public void declare(Options options) {
            overrides.declare(options);
            options.number(
                    "--level",
                    "N",
                    "compression level; by default 6 for gzip and xz, 3 for zstd",
                    value -> level = value);
        }

        @Override
        public void validate(String destination) {
            overrides.validate();
            compression(destination).checkLevel(level);
            FileDestination.validate(destination);
        }

        private static Compression compression(String destination) {
            Compression compression = Compression.ofSuffix(destination);
            if (compression == null
                    || compression == Compression.NONE
                    || !destination.contains(".tar.")) {
                throw UndockerException.usage("%s: is no name of a template".formatted(destination))
                        .withHint("choose a name in .tar.zst, .tar.xz or .tar.gz");
            }
            return compression;
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            ImageConfig config = request.image().config();
            RootfsView rootfs = request.rootfs();
            Warnings warnings = request.events();
            ProcessDescription process = ProcessDescription.of(config, overrides, rootfs, warnings);
            Volumes volumes = Volumes.of(config, new VolumePolicy.Directory(), rootfs, warnings);
            OsType type = OsType.of(rootfs);
            system = type;
            ownInit = process.program().equals("/" + INIT);
            RootfsAdditions additions =
                    new RootfsAdditions(rootfs, warnings)
                            .directory("working directory", process.workingDirectory())
                            .volumes(volumes)
                            .mountPoints(MOUNTS)
                            // where Proxmox VE writes, and where others look for names
                            .directory("directory", "/etc")
                            .names(NameFile.HOSTS);
            if (type.usesInterfaces()) {
                additions.file("etc/network/interfaces", INTERFACES);
            }
            if (!ownInit) {
                additions.launcher(launcher(config, process, rootfs, warnings));
            }
            warn(type, process, warnings);
            return additions.applyTo(
                    TarSink.open(
                            request,
                            TarOutput.encoding(compression(request.destination()), level, request),
                            true));
        }

        private static Launcher launcher(
                ImageConfig config,
                ProcessDescription process,
                RootfsView rootfs,
                Warnings warnings) {
            Launcher launcher =
                    Launcher.create(
                            LauncherTask.of(List.of(), process, false, "lxc"),
                            config.platform(),
                            rootfs,
                            "template");
            if (!launcher.setsUser() && !process.user().isPlainRoot()) {
                warnings.warn("user: a shell cannot change it; set lxc.init.uid and lxc.init.gid");
            }
            if (rootfs.lookup(INIT) == null) {
                return launcher.at(INIT);
            }
            warnings.warn(
                    "the image has its own /sbin/init, which is started: for the image's command"
                            + " add 'lxc.init.cmd: %s' to the container's configuration"
                                    .formatted(launcher.command()));
            return launcher;
        }

        private void warn(OsType type, ProcessDescription process, Warnings warnings) {
            if (!type.isManaged()) {
                warnings.warn(
                        "ostype: the image is no system that Proxmox VE configures: it gets neither"
                                + " host name nor name servers"
                                + (type.isDetected()
                                        ? ""
                                        : ", and pct create fails without --ostype unmanaged"));
            }
            if (!ownInit && !process.stopSignal().isTerm()) {
                warnings.warn(
                        "stop signal %s: a template cannot hold it: add 'lxc.signal.halt: %<s' to"
                                        .formatted(process.stopSignal().name())
                                + " the container's configuration");
            }
        }

        /// What is forwarded is the container's configuration.
        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            PortsAndLabels.leftOutOf("a template", request);
        }

        /// A program that is no init asks for no address, so Proxmox VE is to do that.
        @Override
        public Made made(String destination, String imageName) {
            Path file = Path.of(destination);
            List<Object> command = new ArrayList<>(List.of("pct", "create", "100", file));
            if (system != null && !system.isDetected()) {
                command.addAll(List.of("--ostype", system.name()));
            }
            command.addAll(
                    List.of(
                            "--unprivileged",
                            "1",
                            "--net0",
                            "name=eth0,bridge=vmbr0,ip=dhcp" + (ownInit ? "" : ",host-managed=1")));
            return Made.file(file, ShellCommand.asRoot(command.toArray()));
        }
    }
}
