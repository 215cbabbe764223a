package dev.undocker.output.lxc;

import dev.undocker.Options;
import dev.undocker.output.FileDestination;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.lxc.LxcConfig;

import jakarta.inject.Singleton;

import java.util.List;

/// `lxcconfig`: the LXC configuration alone, for a root file system that holds the image's files
/// and nothing else.
@Singleton
public class LxcConfigWriter implements OutputWriter {
    @Override
    public String name() {
        return "lxcconfig";
    }

    @Override
    public String summary() {
        return "Write the image's process as an LXC configuration";
    }

    @Override
    public String destinationLabel() {
        return "OUT";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker lxcconfig docker://nginx nginx.conf",
                "undocker lxcconfig --cmd '[\"nginx\",\"-V\"]' image.tar -");
    }

    @Override
    public Settings newSettings() {
        return new ConfigSettings();
    }

    /// What the process is to be.
    static final class ConfigSettings implements Settings {
        private final LxcProcess process = new LxcProcess();

        @Override
        public void declare(Options options) {
            process.declare(options);
        }

        @Override
        public void validate(String destination) {
            process.validate();
            FileDestination.validate(destination);
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            ProcessDescription described = process.describe(request);
            warnAboutDirectory(described.workingDirectory(), request);
            String text =
                    LxcConfig.alone(
                            request.image().config(),
                            described,
                            process.version(),
                            request.events());
            return new TextSink(
                    FileDestination.open(request.destination(), request.events()), text);
        }

        private static void warnAboutDirectory(String path, OutputRequest request) {
            if (!(request.rootfs().resolve(RootfsPath.of(path)) instanceof Inode.Directory)) {
                request.events()
                        .warn(
                                "working directory %s: the image has no such directory, without"
                                                .formatted(path)
                                        + " which LXC 5 does not start");
            }
        }
    }
}
