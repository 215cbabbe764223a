package dev.undocker.output.bundle;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.ProcessStatus;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.output.directory.ForeseenLosses;
import dev.undocker.output.directory.IdMap;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.process.SeedingSink;
import dev.undocker.output.process.VolumesOption;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.HiddenTree;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.nspawn.NspawnSettings;
import dev.undocker.runtime.oci.IdMapping;
import dev.undocker.runtime.oci.OciMount;
import dev.undocker.runtime.oci.RuntimeConfig;
import dev.undocker.runtime.oci.SpecVersion;
import dev.undocker.runtime.oci.UserNamespace;

import jakarta.inject.Singleton;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `bundle`: an OCI runtime bundle (runtime-spec `bundle.md`), `config.json` and `rootfs`.
@Singleton
public class BundleWriter implements OutputWriter {
    @Override
    public String name() {
        return "bundle";
    }

    @Override
    public String summary() {
        return "Write a bundle for OCI runtimes such as runc and crun";
    }

    @Override
    public String destinationLabel() {
        return "DIRECTORY";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker bundle docker://nginx nginx",
                "undocker bundle --rootless-runtime --terminal image.tar mine");
    }

    @Override
    public Settings newSettings() {
        return new BundleSettings();
    }

    /// What the container is to be.
    static final class BundleSettings implements Settings {
        private static final String ROOTFS = "rootfs";
        private static final int DIRECTORY_MODE = 0755;

        private final TreeSettings tree = new TreeSettings();
        private final ProcessOverrides overrides = new ProcessOverrides();
        private final VolumesOption volumes = new VolumesOption();
        private String version = SpecVersion.V1_0_2.toString();
        private boolean rootlessRuntime;
        private boolean terminal;

        @Override
        public void declare(Options options) {
            tree.declare(options);
            overrides.declare(options);
            volumes.declare(options);
            options.text(
                    "--oci-version",
                    "1.0.0|1.0.2",
                    "runtime-spec to follow (default: 1.0.2); systemd-nspawn --oci-bundle takes"
                            + " 1.0.0 alone, without device rules",
                    value -> version = value);
            options.flag(
                    "--rootless-runtime",
                    "for a runtime that you start without being root",
                    given -> rootlessRuntime = given);
            options.flag("--terminal", "give the process a terminal", given -> terminal = given);
        }

        @Override
        public void validate(String destination) {
            overrides.validate();
            tree.validate();
            SpecVersion.parse(version);
            volumes.validate();
            users();
            DirectoryDestination.validate(destination, tree.force());
        }

        private UserNamespace users() {
            IdMap uids = tree.uids();
            IdMap gids = tree.gids();
            if (rootlessRuntime) {
                if (!uids.isIdentity() || !gids.isIdentity()) {
                    throw UndockerException.usage(
                            "--rootless-runtime: cannot be used with --uid-map or --gid-map");
                }
                ProcessStatus me = ProcessStatus.current();
                return UserNamespace.rootless(
                        Integer.toUnsignedLong(me.uid()), Integer.toUnsignedLong(me.gid()));
            }
            if (uids.isIdentity() != gids.isIdentity()) {
                throw UndockerException.usage("--uid-map, --gid-map: one needs the other");
            }
            return new UserNamespace(mappings(uids), mappings(gids), false);
        }

        /// Bundles of the old version are for systemd-nspawn, which mounts more than they say.
        private RuntimeMounts mounts() {
            return switch (SpecVersion.parse(version)) {
                case V1_0_0 -> NspawnSettings.MOUNTS;
                case V1_0_2 -> RuntimeConfig.MOUNTS;
            };
        }

        private static List<IdMapping> mappings(IdMap map) {
            return map.ranges().stream()
                    .map(range -> new IdMapping(range.container(), range.host(), range.size()))
                    .toList();
        }

        @Override
        public List<String> furtherDestinations() {
            return volumes.destinations();
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            ProcessDescription process =
                    ProcessDescription.of(
                            request.image().config(),
                            overrides,
                            request.rootfs(),
                            request.events());
            SpecVersion spec = SpecVersion.parse(version);
            Volumes mounted =
                    Volumes.of(
                            request.image().config(),
                            volumes.policy(),
                            request.rootfs(),
                            request.events());
            if (!spec.copiesUp()) {
                mounted.warnOfHiddenContent("systemd-nspawn", request.events());
            }
            boolean resolver = NameFile.RESOLVER.isLeftOpen(request.rootfs());
            byte[] config =
                    RuntimeConfig.json(
                            request.image().config(),
                            process,
                            ContainerName.ofImage(request.image().name()),
                            spec,
                            users(),
                            OciMount.volumes(mounted, users(), spec.copiesUp()),
                            resolver,
                            terminal,
                            request.events());
            HiddenTree.of(mounts(), process, mounted, request.rootfs())
                    .warn(false, request.events());
            RootfsAdditions additions =
                    new RootfsAdditions(request.rootfs(), request.events())
                            .directory("working directory", process.workingDirectory())
                            .volumes(mounted)
                            .names(NameFile.HOSTS)
                            .names(NameFile.RESOLVER)
                            .mountPoints(mounts());
            if (spec == SpecVersion.V1_0_0) {
                // systemd-nspawn starts nothing without it
                additions.directory("directory", "/usr");
            }
            DirectorySink bundle =
                    DirectorySink.in(
                            destination(request),
                            ROOTFS,
                            Map.of("config.json", config),
                            tree,
                            request);
            return additions.applyTo(SeedingSink.of(bundle, mounted, tree, request));
        }

        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            ForeseenLosses.tell(entries, request);
        }

        @Override
        public Made made(String destination, String imageName) {
            Path bundle = Path.of(destination);
            return Made.tree(
                    bundle,
                    switch (SpecVersion.parse(version)) {
                        case V1_0_0 ->
                                ShellCommand.asRoot("systemd-nspawn", "--oci-bundle", bundle);
                        case V1_0_2 -> {
                            Object[] run = {
                                "runc", "run", "--bundle", bundle, ContainerName.ofImage(imageName)
                            };
                            yield rootlessRuntime ? ShellCommand.of(run) : ShellCommand.asRoot(run);
                        }
                    });
        }

        private DirectoryDestination destination(OutputRequest request) {
            DirectoryDestination destination =
                    DirectoryDestination.open(
                            request.destination(), tree.force(), FileSystemCalls.select(), request);
            try {
                return Handover.of(
                        destination,
                        directory -> {
                            directory.setMode(DIRECTORY_MODE);
                            return directory;
                        });
            } catch (IOException e) {
                throw UndockerException.because(destination.toString(), e);
            }
        }
    }
}
