package dev.undocker.output.wsl;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.image.ImageConfig;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.process.PortsAndLabels;
import dev.undocker.output.process.RootfsAdditions;
import dev.undocker.output.tar.PackedNames;
import dev.undocker.output.tar.TarOutput;
import dev.undocker.output.tar.TarSink;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessOverrides;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.wsl.WslDistribution;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `wsl`: a distribution that `wsl --install --from-file` takes: a tar in gzip, the one compression
/// that every WSL reads (<https://learn.microsoft.com/windows/wsl/build-custom-distro>).
@Singleton
public class WslWriter implements OutputWriter {
    @Override
    public String name() {
        return "wsl";
    }

    @Override
    public String summary() {
        return "Write a distribution for WSL";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public String usualSuffix() {
        return ".wsl";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker wsl docker://nginx nginx.wsl",
                "undocker wsl --name web --env DEBUG=1 image.tar web.wsl");
    }

    @Override
    public Settings newSettings() {
        return new DistributionSettings();
    }

    /// The distribution's name, and what it runs.
    static final class DistributionSettings implements Settings {
        private final ProcessOverrides overrides = new ProcessOverrides();
        private @Nullable String name;
        private @Nullable Integer level;

        @Override
        public void declare(Options options) {
            overrides.declare(options);
            options.text(
                    "--name",
                    "NAME",
                    "the distribution's name (default: made from the image's)",
                    value -> name = value);
            options.number(
                    "--level",
                    "N",
                    "compression level of gzip (default: 6)",
                    value -> level = value);
        }

        @Override
        public void validate(String destination) {
            overrides.validate();
            chosenName();
            Compression.GZIP.checkLevel(level);
            Compression promised = Compression.ofSuffix(destination);
            if (promised != null && promised != Compression.GZIP) {
                throw UndockerException.usage(
                                "%s: a name for %s, where WSL reads gzip"
                                        .formatted(destination, promised))
                        .withHint("choose a name in .wsl");
            }
            PackedNames.refuseOther(
                    destination, Set.of("gz", "tgz", "wsl"), "choose a name in .wsl");
            FileDestination.validate(destination);
        }

        private Optional<ContainerName> chosenName() {
            return Optional.ofNullable(name).map(ContainerName::new);
        }

        private ContainerName name(String imageName) {
            return chosenName().orElseGet(() -> ContainerName.ofImage(imageName));
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            ImageConfig config = request.image().config();
            RootfsView rootfs = request.rootfs();
            ProcessDescription process =
                    ProcessDescription.of(config, overrides, rootfs, request.events());
            Volumes volumes =
                    Volumes.of(config, new VolumePolicy.Directory(), rootfs, request.events());
            WslDistribution distribution =
                    WslDistribution.of(config, process, volumes, rootfs, request.events());
            RootfsAdditions additions =
                    new RootfsAdditions(rootfs, request.events())
                            .directory("working directory", process.workingDirectory())
                            .volumes(volumes)
                            .names(NameFile.HOSTS)
                            .mountPoints(WslDistribution.MOUNTS);
            if (distribution.launcher() != null) {
                additions.launcher(distribution.launcher());
            }
            additions
                    .file("etc/wsl.conf", text(distribution.settings()))
                    .file(
                            "etc/wsl-distribution.conf",
                            text(distribution.distribution(name(request.image().name()))))
                    .file(WslDistribution.profilePath(rootfs), text(distribution.profile()));
            return additions.applyTo(
                    TarSink.open(
                            request, TarOutput.encoding(Compression.GZIP, level, request), false));
        }

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        /// All distributions share one address with the machine that they run on.
        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            PortsAndLabels.leftOutOf("a distribution for WSL", request);
        }

        /// To be typed on Windows.
        @Override
        public Made made(String destination, String imageName) {
            Path file = Path.of(destination);
            return Made.file(file, "wsl --install --from-file " + file.getFileName());
        }
    }
}
