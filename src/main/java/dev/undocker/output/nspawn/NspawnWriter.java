package dev.undocker.output.nspawn;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.JointOutput;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.directory.AccompaniedTree;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.output.process.LauncherOption;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.process.SeedingSink;
import dev.undocker.output.process.VolumesOption;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.runtime.nspawn.NspawnLauncher;
import dev.undocker.runtime.nspawn.NspawnSettings;
import dev.undocker.runtime.nspawn.NspawnSettings.Trust;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
        return new MachineSettings();
    }

    /// The machine's name and what it runs.
    static final class MachineSettings implements Settings {
        private final TreeSettings tree = new TreeSettings();
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
            if (!Files.isDirectory(directory)) {
                DirectoryDestination.validate(destination, false);
            }
            if (name != null) {
                validateMachine(directory, new ContainerName(name));
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
            if (Files.isDirectory(directory)) {
                DirectoryDestination.validate(
                        directory.resolve(machine.text()).toString(), tree.force());
                Path settings = settingsOf(directory, machine);
                if (!tree.force() && Files.exists(settings, LinkOption.NOFOLLOW_LINKS)) {
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
            ProcessDescription process =
                    ProcessDescription.of(
                            request.image().config(),
                            overrides,
                            request.rootfs(),
                            request.events());
            Volumes mounted =
                    Volumes.of(
                            request.image().config(),
                            volumes.policy(),
                            request.rootfs(),
                            request.events());
            HiddenTree hidden =
                    HiddenTree.of(NspawnSettings.MOUNTS, process, mounted, request.rootfs());
            Launcher added =
                    NspawnLauncher.of(
                                    launcher.mode(),
                                    process,
                                    hidden.directories(),
                                    request.image().config().platform(),
                                    request.rootfs())
                            .orElse(null);
            hidden.warn(added != null && added.makesDirectories(), request.events());
            byte[] settings = settings(Trust.UNTRUSTED, process, added, mounted, request, true);
            RootfsAdditions additions = additions(process, added, mounted, request);
            List<FileDestination> files = new ArrayList<>();
            Closeable opened = () -> new JointOutput(files).close();
            try {
                return Handover.of(
                        opened,
                        _ -> {
                            if (trustedSettings != null) {
                                byte[] trusted =
                                        settings(
                                                Trust.TRUSTED,
                                                process,
                                                added,
                                                mounted,
                                                request,
                                                false);
                                addFile(trustedSettings, trusted, files, request);
                            }
                            DirectorySink sink;
                            if (Files.isDirectory(directory)) {
                                addFile(
                                        settingsOf(directory, machine).toString(),
                                        settings,
                                        files,
                                        request);
                                sink =
                                        DirectorySink.open(
                                                directory.resolve(machine.text()).toString(),
                                                tree,
                                                request);
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
                String path, byte[] text, List<FileDestination> files, OutputRequest request) {
            FileDestination file = FileDestination.open(path, request.events());
            files.add(file);
            file.write(text);
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

        /// @param first whether the user should hear of what cannot be said
        private static byte[] settings(
                Trust trust,
                ProcessDescription process,
                @Nullable Launcher launcher,
                Volumes volumes,
                OutputRequest request,
                boolean first) {
            return NspawnSettings.text(
                            request.image().config(),
                            process,
                            launcher,
                            volumes,
                            trust,
                            request.rootfs(),
                            first ? request.events() : sentence -> {})
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
