package dev.undocker.output.nspawn;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.Committable;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.JointOutput;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.PathKind;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.Succession;
import dev.undocker.output.directory.AccompaniedTree;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.output.directory.ForeseenLosses;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.output.process.LauncherOption;
import dev.undocker.output.process.MachineSettings;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.process.SeedingSink;
import dev.undocker.output.process.VolumesOption;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.LocalEdits;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.nspawn.NspawnLauncher;
import dev.undocker.runtime.nspawn.NspawnSettings;
import dev.undocker.runtime.nspawn.NspawnSettings.Trust;
import dev.undocker.runtime.nspawn.NspawnSubjects;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `nspawn`: a machine for systemd-nspawn, `DIRECTORY/NAME` with the settings
/// `DIRECTORY/NAME.nspawn` beside it, as in `/var/lib/machines`.
@Singleton
public class NspawnWriter implements OutputWriter {
    @Override
    public String name() {
        return "nspawn";
    }

    @Override
    public String summary() {
        return "Write a machine for systemd-nspawn: DIRECTORY/NAME and DIRECTORY/NAME.nspawn";
    }

    @Override
    public String destinationLabel() {
        return "DIRECTORY";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker nspawn docker://nginx machines",
                "undocker nspawn --name web --env DEBUG=1 image.tar machines");
    }

    @Override
    public Settings newSettings() {
        return new NspawnMachine();
    }

    /// The machine's name and what it runs.
    static final class NspawnMachine implements Settings {
        /// How the settings of a replaced machine begin.
        private static final String REPLACED =
                "# The machine as it was before undocker replaced it, without its volumes.\n";

        private final TreeSettings tree = TreeSettings.ofMachine();
        private final ProcessOverrides overrides = new ProcessOverrides();
        private final LauncherOption launcher = new LauncherOption();
        private final VolumesOption volumes = new VolumesOption();
        private @Nullable String name;
        private @Nullable String trustedSettings;

        @Override
        public void declare(Options options) {
            tree.declare(options);
            overrides.declare(options);
            launcher.declare(options);
            volumes.declare(options);
            options.text(
                    "--name",
                    "NAME",
                    "the machine's name (default: made from the image's)",
                    value -> name = value);
            options.text(
                    "--trusted-settings",
                    "FILE",
                    "also write settings with ports and volumes, which systemd-nspawn honours in"
                            + " /etc/systemd/nspawn",
                    value -> trustedSettings = value);
        }

        @Override
        public void validate(String destination) {
            overrides.validate();
            tree.validate();
            launcher.mode();
            validateVolumes();
            Path directory = Path.of(destination);
            if (PathKind.behind(directory) != PathKind.DIRECTORY) {
                DirectoryDestination.validate(destination, false);
            }
            if (name != null) {
                validateMachine(directory, new ContainerName(name));
            } else {
                // the image names the machine, later
                FileSystemCalls.prepare();
            }
            if (trustedSettings != null) {
                FileDestination.validate(trustedSettings);
            }
        }

        private void validateVolumes() {
            VolumePolicy policy = volumes.policy();
            if (!(policy instanceof VolumePolicy.Directory) && trustedSettings == null) {
                throw UndockerException.usage(
                                "--volumes: systemd-nspawn mounts nothing that trusted settings do"
                                        + " not name")
                        .withHint("add --trusted-settings /etc/systemd/nspawn/NAME.nspawn");
            }
            NspawnSettings.requireMountable(policy);
            volumes.validate();
        }

        private void validateMachine(Path directory, ContainerName machine) {
            if (PathKind.behind(directory) == PathKind.DIRECTORY) {
                DirectoryDestination.validate(
                        directory.resolve(machine.text()).toString(), tree.force());
                Path settings = settingsOf(directory, machine);
                if (!tree.force() && PathKind.of(settings) != PathKind.NOTHING) {
                    throw new UndockerException(settings + ": exists already")
                            .withHint("choose another --name, or replace the machine with --force");
                }
            }
        }

        private static Path settingsOf(Path directory, ContainerName machine) {
            return directory.resolve(machine + ".nspawn");
        }

        @Override
        public List<String> furtherDestinations() {
            List<String> further = new ArrayList<>(volumes.destinations());
            if (trustedSettings != null) {
                further.add(trustedSettings);
            }
            return further;
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            Path directory = Path.of(request.destination());
            ContainerName machine = machine(request.image().name());
            validateMachine(directory, machine);
            MachineSettings earlier = earlier(settingsOf(directory, machine), request);
            LocalEdits edits = earlier.edits();
            ImageConfig config = request.image().config();
            if (!tree.dropsVolumes()) {
                config = config.withVolumes(edits.volumes());
            }
            ProcessDescription process =
                    ProcessDescription.of(config, overrides, request.rootfs(), request.events());
            Volumes mounted =
                    Volumes.of(config, volumes.policy(), request.rootfs(), request.events());
            HiddenTree hidden =
                    HiddenTree.of(NspawnSettings.MOUNTS, process, mounted, request.rootfs());
            Launcher added =
                    NspawnLauncher.of(
                                    launcher.mode(),
                                    process,
                                    hidden.directories(),
                                    config.platform(),
                                    request.rootfs())
                            .orElse(null);
            hidden.warn(added != null && added.makesDirectories(), request.events());
            Path own = settingsOf(directory, machine);
            byte[] settings =
                    edits.applyTo(
                            settings(
                                    Trust.UNTRUSTED,
                                    config,
                                    process,
                                    added,
                                    mounted,
                                    request,
                                    request.events()),
                            own.toString(),
                            request.events());
            ImageConfig image = config;
            RootfsAdditions additions = additions(process, added, mounted, request);
            List<Committable> files = new ArrayList<>(List.of(earlier));
            Closeable opened = () -> new JointOutput(files).close();
            try {
                return Handover.of(
                        opened,
                        _ -> {
                            if (trustedSettings != null) {
                                byte[] trusted =
                                        settings(
                                                Trust.TRUSTED,
                                                image,
                                                process,
                                                added,
                                                mounted,
                                                request,
                                                _ -> {});
                                MachineSettings known = earlier(Path.of(trustedSettings), request);
                                files.add(known);
                                addFile(
                                        trustedSettings,
                                        known.edits()
                                                .applyTo(
                                                        trusted, trustedSettings, request.events()),
                                        files,
                                        request);
                            }
                            DirectorySink sink;
                            if (PathKind.behind(directory) == PathKind.DIRECTORY) {
                                addFile(own.toString(), settings, files, request);
                                sink = inDirectory(directory, machine, mounted, files, request);
                            } else {
                                sink = inNewDirectory(machine, settings, request);
                            }
                            return additions.applyTo(
                                    SeedingSink.of(
                                            AccompaniedTree.with(files, sink),
                                            mounted,
                                            tree,
                                            request));
                        });
            } catch (IOException e) {
                throw UndockerException.because(request.destination(), e);
            }
        }

        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            ForeseenLosses.tell(entries, request);
        }

        private ContainerName machine(String imageName) {
            return name == null ? ContainerName.ofImage(imageName) : new ContainerName(name);
        }

        /// machinectl and its like look at one directory alone.
        @Override
        public Made made(String destination, String imageName) {
            ContainerName machine = machine(imageName);
            Path tree = Path.of(destination, machine.text());
            return Made.tree(
                    tree,
                    Path.of(destination)
                                    .toAbsolutePath()
                                    .normalize()
                                    .equals(Path.of("/var/lib/machines"))
                            ? ShellCommand.asRoot("systemd-nspawn", "-M", machine)
                            : ShellCommand.asRoot("systemd-nspawn", "-D", tree));
        }

        private static void addFile(
                String path, byte[] text, List<Committable> files, OutputRequest request) {
            FileDestination file = FileDestination.open(path, request.events());
            files.add(file);
            file.write(text);
        }

        private static MachineSettings earlier(Path settings, OutputRequest request) {
            return MachineSettings.read(settings, new NspawnSubjects(), request.events());
        }

        /// @param files get the settings with which a replaced machine could be started again
        private DirectorySink inDirectory(
                Path directory,
                ContainerName machine,
                Volumes mounted,
                List<Committable> files,
                OutputRequest request)
                throws IOException {
            String previous = machine + ".previous";
            Path settings = directory.resolve(previous + ".nspawn");
            return Handover.of(
                    DirectoryDestination.open(
                            directory.resolve(machine.text()).toString(),
                            tree.force(),
                            FileSystemCalls.select(),
                            request),
                    destination -> {
                        if (destination.replacesTree()) {
                            requireReplaced(directory.resolve(previous), settings);
                            if (tree.keepsPrevious()) {
                                addFile(
                                        settings.toString(),
                                        replaced(settingsOf(directory, machine)),
                                        files,
                                        request);
                            }
                        }
                        return DirectorySink.in(
                                destination,
                                null,
                                Map.of(),
                                tree,
                                tree.succession(
                                        mounted,
                                        null,
                                        new Succession.Previous(
                                                previous,
                                                tree.keepsPrevious(),
                                                settings.getFileName().toString(),
                                                null)),
                                request);
                    });
        }

        /// @throws UndockerException when another machine has the name of the replaced one
        private static void requireReplaced(Path machine, Path settings) throws IOException {
            boolean ours =
                    PathKind.behind(settings) == PathKind.FILE
                            && new String(Files.readAllBytes(settings), StandardCharsets.ISO_8859_1)
                                    .startsWith(REPLACED);
            if (!ours
                    && (PathKind.of(machine) != PathKind.NOTHING
                            || PathKind.of(settings) != PathKind.NOTHING)) {
                throw new UndockerException(machine + ": is no machine that was replaced here")
                        .withHint("give it another name");
            }
        }

        private static byte[] replaced(Path settings) throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            text.writeBytes(REPLACED.getBytes(StandardCharsets.US_ASCII));
            if (PathKind.behind(settings) == PathKind.FILE) {
                text.writeBytes(Files.readAllBytes(settings));
            }
            return text.toByteArray();
        }

        private DirectorySink inNewDirectory(
                ContainerName machine, byte[] settings, OutputRequest request) {
            DirectoryDestination destination =
                    DirectoryDestination.open(
                            request.destination(), false, FileSystemCalls.select(), request);
            return DirectorySink.in(
                    destination,
                    machine.text(),
                    Map.of(settingsOf(Path.of(""), machine).toString(), settings),
                    tree,
                    request);
        }

        /// @param warnings hear of what cannot be said
        private static byte[] settings(
                Trust trust,
                ImageConfig image,
                ProcessDescription process,
                @Nullable Launcher launcher,
                Volumes volumes,
                OutputRequest request,
                Warnings warnings) {
            return NspawnSettings.text(
                            image, process, launcher, volumes, trust, request.rootfs(), warnings)
                    .getBytes(StandardCharsets.UTF_8);
        }

        private static RootfsAdditions additions(
                ProcessDescription process,
                @Nullable Launcher launcher,
                Volumes volumes,
                OutputRequest request) {
            RootfsAdditions additions =
                    new RootfsAdditions(request.rootfs(), request.events())
                            .directory("working directory", process.workingDirectory())
                            .volumes(volumes)
                            .names(NameFile.HOSTS);
            // systemd-nspawn makes these itself, but not in a read-only tree
            additions.mountPoints(NspawnSettings.MOUNTS);
            if (request.rootfs().resolve(RootfsPath.of("usr")) == null) {
                request.events()
                        .warn(
                                "the image has no /usr, without which systemd-nspawn starts"
                                        + " nothing: an empty one is made");
            }
            additions.directory("directory", "/usr");
            return launcher == null ? additions : additions.launcher(launcher);
        }
    }
}
