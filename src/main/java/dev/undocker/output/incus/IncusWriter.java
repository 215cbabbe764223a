package dev.undocker.output.incus;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.output.process.LauncherOption;
import dev.undocker.output.process.PortsAndLabels;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.process.VolumesOption;
import dev.undocker.output.tar.CompressionOptions;
import dev.undocker.output.tar.TarOutput;
import dev.undocker.output.tar.TarSink;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.incus.IncusProcess;

import jakarta.inject.Singleton;

import java.nio.file.Path;
import java.util.List;

/// `incus`: an image that `incus image import` takes without a registry
/// (<https://linuxcontainers.org/incus/docs/main/reference/image_format/>).
@Singleton
public class IncusWriter implements OutputWriter {
    @Override
    public String name() {
        return "incus";
    }

    @Override
    public String summary() {
        return "Write an image for Incus or LXD";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker incus docker://nginx nginx.tar.xz",
                "undocker incus --init-shim image.tar nginx-for-lxd.tar.xz");
    }

    @Override
    public Settings newSettings() {
        return new ImageSettings();
    }

    /// The image's form, and what it runs.
    static final class ImageSettings implements Settings {
        private final CompressionOptions compression = new CompressionOptions();
        private final ProcessOverrides overrides = new ProcessOverrides();
        private final LauncherOption launcher = new LauncherOption();
        private final VolumesOption volumes = new VolumesOption();
        private boolean split;
        private boolean force;
        private boolean initShim;

        @Override
        public void declare(Options options) {
            compression.declare(options);
            overrides.declare(options);
            launcher.declare(options);
            volumes.declare(options);
            options.flag(
                    "--split",
                    "OUT is a directory, which gets metadata.tar.xz and rootfs.tar.xz",
                    given -> split = given);
            options.flag(
                    "--force",
                    "with --split: replace a directory that is not empty",
                    given -> force = given);
            options.flag(
                    "--init-shim",
                    "add a launcher as /sbin/init, which LXD starts; only Incus reads the image's"
                            + " command itself",
                    given -> initShim = given);
        }

        @Override
        public void validate(String destination) {
            overrides.validate();
            launcher.mode();
            IncusProcess.requireMountable(volumes.policy());
            if (split) {
                if (compression.isGiven()) {
                    throw UndockerException.usage("--compress: the files of --split are xz")
                            .withHint("leave out --compress");
                }
                Compression.XZ.checkLevel(compression.level());
                DirectoryDestination.validate(destination, force);
            } else {
                if (force) {
                    throw UndockerException.usage("--force: only with --split")
                            .withHint("a file is replaced without it");
                }
                compression.of(destination).checkLevel(compression.level());
                FileDestination.validate(destination);
            }
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            Volumes mounted =
                    Volumes.of(
                            request.image().config(),
                            volumes.policy(),
                            request.rootfs(),
                            request.events());
            IncusProcess process =
                    IncusProcess.of(
                            request.image().config(),
                            ProcessDescription.of(
                                    request.image().config(),
                                    overrides,
                                    request.rootfs(),
                                    request.events()),
                            mounted,
                            launcher.mode(),
                            initShim,
                            request.rootfs(),
                            request.events());
            List<RootfsEntry> files = ImageFiles.of(process, mounted, request);
            RootfsAdditions additions = additions(process, mounted, request);
            return additions.applyTo(split ? split(files, request) : unified(files, request));
        }

        /// An image has no place for them, and what is forwarded is the container's configuration.
        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            PortsAndLabels.leftOutOf("an image for Incus", request);
        }

        /// A launcher in the place of init is LXD's, which has another client.
        @Override
        public Made made(String destination, String imageName) {
            String client = initShim ? "lxc" : "incus";
            ContainerName alias = ContainerName.ofImage(imageName);
            Path place = Path.of(destination);
            if (!split) {
                return Made.file(
                        place, ShellCommand.of(client, "image", "import", place, "--alias", alias));
            }
            Path metadata = place.resolve(SplitSink.METADATA);
            Path rootfs = place.resolve(SplitSink.ROOTFS);
            return new Made(
                    place,
                    List.of(metadata, rootfs),
                    ShellCommand.of(client, "image", "import", metadata, rootfs, "--alias", alias));
        }

        private RootfsSink split(List<RootfsEntry> files, OutputRequest request) {
            DirectoryDestination destination =
                    DirectoryDestination.open(
                            request.destination(), force, FileSystemCalls.select(), request);
            return SplitSink.open(
                    destination,
                    files,
                    TarOutput.encoding(Compression.XZ, compression.level(), request),
                    TarOutput.task(Compression.XZ, request));
        }

        private RootfsSink unified(List<RootfsEntry> files, OutputRequest request) {
            TarSink tar = TarSink.open(request, compression.encoding(request), false);
            return new UnifiedSink(tar, files);
        }

        private static RootfsAdditions additions(
                IncusProcess process, Volumes volumes, OutputRequest request) {
            RootfsAdditions additions =
                    new RootfsAdditions(request.rootfs(), request.events())
                            .directory("working directory", process.process().workingDirectory())
                            .volumes(volumes)
                            .names(NameFile.HOSTS)
                            .mountPoints(IncusProcess.MOUNTS);
            return process.launcher() == null ? additions : additions.launcher(process.launcher());
        }
    }
}
