package dev.undocker.output.lxc;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.image.ImageConfig;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.Made;
import dev.undocker.output.NewDirectory;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.PathKind;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.directory.AccompaniedTree;
import dev.undocker.output.directory.ForeseenLosses;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.output.process.LauncherOption;
import dev.undocker.output.process.MachineSettings;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.process.SeedingSink;
import dev.undocker.output.process.VolumesOption;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.lxc.LxcConfig;
import dev.undocker.runtime.lxc.LxcHost;
import dev.undocker.runtime.lxc.LxcLauncher;
import dev.undocker.runtime.lxc.LxcNetwork;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `lxc`: a container for LXC, as the two archives that `lxc-create -t local` takes, or ready to be
/// started.
@Singleton
public class LxcWriter implements OutputWriter {
    @Override
    public String name() {
        return "lxc";
    }

    @Override
    public String summary() {
        return "Write a container for LXC: configuration and root file system";
    }

    @Override
    public String destinationLabel() {
        return "DIRECTORY";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker lxc docker://nginx nginx",
                "undocker lxc --format dir --name web image.tar containers");
    }

    @Override
    public Settings newSettings() {
        return new BundleSettings();
    }

    /// What DIRECTORY is to hold.
    private enum Format {
        /// `meta.tar.xz` and `rootfs.tar.xz`.
        TAR,
        /// `NAME/config` and `NAME/rootfs`.
        DIR
    }

    /// How the container is made.
    static final class BundleSettings implements Settings {
        private final LxcProcess process = new LxcProcess();
        private final LauncherOption launcher = new LauncherOption();
        private final VolumesOption volumes = new VolumesOption();
        private final TreeSettings tree = TreeSettings.ofMachine();
        private @Nullable String name;
        private String format = "tar";
        private boolean dhcp;
        private @Nullable Integer level;

        @Override
        public void declare(Options options) {
            process.declare(options);
            launcher.declare(options);
            volumes.declare(options);
            tree.declare(options);
            options.text(
                    "--name",
                    "NAME",
                    "the container's name; by default made from the image's",
                    value -> name = value);
            options.text(
                    "--format",
                    "tar|dir",
                    "tar: meta.tar.xz and rootfs.tar.xz for lxc-create -t local (default); dir:"
                            + " NAME/config and NAME/rootfs, for DIRECTORY being LXC's own such as"
                            + " /var/lib/lxc",
                    value -> format = value);
            options.flag(
                    "--dhcp",
                    "let LXC's hook ask for an address and name servers at each start, with"
                            + " /sbin/dhclient of the machine that starts the container",
                    given -> dhcp = given);
            options.number(
                    "--level", "N", "compression level of xz (default: 6)", value -> level = value);
        }

        @Override
        public void validate(String destination) {
            process.validate();
            launcher.mode();
            LxcConfig.requireMountable(volumes.policy());
            volumes.validate();
            if (format() == Format.TAR && !(tree.uids().isIdentity() && tree.gids().isIdentity())) {
                throw UndockerException.usage(
                                "--uid-map, --gid-map: lxc-create shifts what it unpacks itself")
                        .withHint("use them with --format dir");
            }
            tree.validate();
            Optional<ContainerName> chosen = chosenName();
            switch (format()) {
                case TAR -> {
                    Compression.XZ.checkLevel(level);
                    DirectoryDestination.validate(destination, tree.force());
                }
                case DIR -> {
                    if (level != null) {
                        throw UndockerException.usage("--level: there is no compression")
                                .withHint("it is for --format tar");
                    }
                    if (PathKind.behind(Path.of(destination)) == PathKind.DIRECTORY) {
                        chosen.ifPresentOrElse(
                                name ->
                                        DirectoryDestination.validate(
                                                container(destination, name), tree.force()),
                                // the image names the container, later
                                FileSystemCalls::prepare);
                    } else {
                        DirectoryDestination.validate(destination, false);
                    }
                }
            }
        }

        private Format format() {
            return switch (format) {
                case "tar" -> Format.TAR;
                case "dir" -> Format.DIR;
                default ->
                        throw Spelling.refusal("--format " + format, format, List.of("tar", "dir"));
            };
        }

        private Optional<ContainerName> chosenName() {
            return Optional.ofNullable(name).map(ContainerName::new);
        }

        private ContainerName containerName(String imageName) {
            return chosenName().orElseGet(() -> ContainerName.ofImage(imageName));
        }

        @Override
        public Made made(String destination, String imageName) {
            ContainerName container = containerName(imageName);
            Path directory = Path.of(destination);
            return switch (format()) {
                case TAR -> {
                    Path meta = directory.resolve(ArchiveSink.META);
                    Path rootfs = directory.resolve(ArchiveSink.ROOTFS);
                    yield new Made(
                            directory,
                            List.of(meta, rootfs),
                            ShellCommand.asRoot(
                                    "lxc-create",
                                    "-n",
                                    container,
                                    "-t",
                                    "local",
                                    "--",
                                    "-m",
                                    meta,
                                    "-f",
                                    rootfs));
                }
                case DIR -> {
                    Path all = directory.toAbsolutePath().normalize();
                    yield Made.tree(
                            directory.resolve(container.text()),
                            all.equals(Path.of("/var/lib/lxc"))
                                    ? ShellCommand.asRoot("lxc-start", "-n", container, "-F")
                                    : ShellCommand.asRoot(
                                            "lxc-start", "-P", all, "-n", container, "-F"));
                }
            };
        }

        private static String container(String directory, ContainerName name) {
            return Path.of(directory, name.text()).toString();
        }

        @Override
        public List<String> furtherDestinations() {
            return volumes.destinations();
        }

        @Override
        public List<Path> reads() {
            return List.of(LxcHost.DEFAULTS);
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public List<String> lookAround() {
            return switch (format()) {
                // for other machines too
                case TAR -> List.of();
                case DIR -> process.lookAround();
            };
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            Optional<MachineSettings> earlier =
                    format() == Format.DIR ? Optional.of(settings(request)) : Optional.empty();
            List<String> volumesOfEarlier =
                    tree.dropsVolumes()
                            ? List.of()
                            : earlier.map(known -> known.edits().volumes()).orElse(List.of());
            ImageConfig config = request.image().config().withVolumes(volumesOfEarlier);
            ProcessDescription described = process.describe(request);
            // the template makes dev/pts by its path on this machine, links followed
            requireDirectory("dev", "where LXC puts devices", request);
            if (dhcp) {
                // so does the hook with its file
                requireDirectory("etc", "where LXC's hook writes resolv.conf", request);
            }
            Optional<Launcher> added =
                    LxcLauncher.of(
                            launcher.mode(),
                            described,
                            process.version(),
                            config.platform(),
                            request.rootfs());
            LxcContainer container =
                    new LxcContainer(
                            request.image().name(),
                            containerName(request.image().name()),
                            config,
                            described,
                            process.version(),
                            Volumes.of(
                                    config, volumes.policy(), request.rootfs(), request.events()),
                            dhcp ? LxcNetwork.DHCP : LxcNetwork.CONFIGURED,
                            added,
                            request.rootfs());
            RootfsAdditions additions = additions(container, request);
            RootfsSink sink =
                    switch (format()) {
                        case TAR ->
                                ArchiveSink.open(
                                        open(request, request.destination()),
                                        container,
                                        level,
                                        request);
                        case DIR -> inDirectory(container, earlier.orElseThrow(), request);
                    };
            return additions.applyTo(SeedingSink.of(sink, container.volumes(), tree, request));
        }

        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            switch (format()) {
                case TAR -> {
                    FileCapabilities capabilities = new FileCapabilities(process.version());
                    entries.forEach(capabilities::see);
                    capabilities.warn(request.events());
                }
                case DIR -> ForeseenLosses.tell(entries, request);
            }
        }

        private MachineSettings settings(OutputRequest request) {
            ContainerName container = containerName(request.image().name());
            return ContainerSink.settings(
                    Path.of(container(request.destination(), container)), request.events());
        }

        private RootfsSink inDirectory(
                LxcContainer container, MachineSettings settings, OutputRequest request) {
            Path directory = Path.of(request.destination());
            if (PathKind.behind(directory) == PathKind.DIRECTORY) {
                return container(container, settings, request);
            }
            try {
                return Handover.of(
                        NewDirectory.make(directory),
                        made ->
                                AccompaniedTree.inside(
                                        made, container(container, settings, request)));
            } catch (IOException e) {
                throw UndockerException.because(request.destination(), e);
            }
        }

        private RootfsSink container(
                LxcContainer container, MachineSettings settings, OutputRequest request) {
            return ContainerSink.open(
                    open(request, container(request.destination(), container.name())),
                    container,
                    settings,
                    tree,
                    request);
        }

        private DirectoryDestination open(OutputRequest request, String path) {
            return DirectoryDestination.open(path, tree.force(), FileSystemCalls.select(), request);
        }

        private static void requireDirectory(String name, String use, OutputRequest request) {
            Inode inode = request.rootfs().lookup(RootfsPath.of(name));
            if (inode != null && !(inode instanceof Inode.Directory)) {
                throw new UndockerException(
                        "/%s: not a directory in the image, %s".formatted(name, use));
            }
        }

        private static RootfsAdditions additions(LxcContainer container, OutputRequest request) {
            RootfsAdditions additions =
                    new RootfsAdditions(request.rootfs(), request.events())
                            .mountPoints(LxcConfig.MOUNTS)
                            .directory("working directory", container.process().workingDirectory())
                            .volumes(container.volumes())
                            .names(NameFile.HOSTS)
                            .names(NameFile.RESOLVER);
            container.launcher().ifPresent(additions::launcher);
            return additions;
        }
    }
}
