package dev.undocker.output.directory;

import dev.undocker.Options;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Made;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.ShellCommand;
import dev.undocker.rootfs.RootfsEntry;

import jakarta.inject.Singleton;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/// `dir`: the root file system as a tree on disk.
@Singleton
public class DirectoryWriter implements OutputWriter {
    @Override
    public String name() {
        return "dir";
    }

    @Override
    public boolean isFilesOnly() {
        return true;
    }

    @Override
    public String summary() {
        return "Write the root file system as a directory tree";
    }

    @Override
    public String destinationLabel() {
        return "DIRECTORY";
    }

    @Override
    public List<String> examples() {
        return List.of(
                "undocker dir docker://nginx nginx",
                "undocker dir --force --exclude usr/share/doc image.tar nginx");
    }

    @Override
    public Settings newSettings() {
        return new DirectorySettings();
    }

    /// The tree's options and nothing more.
    static final class DirectorySettings implements Settings {
        private final TreeSettings tree = new TreeSettings();
        private final ProcessFileOption process = new ProcessFileOption();

        @Override
        public void declare(Options options) {
            tree.declare(options);
            process.declare(options);
        }

        @Override
        public void validate(String destination) {
            tree.validate();
            DirectoryDestination.validate(destination, tree.force());
            process.validate(destination);
        }

        @Override
        public boolean startsPrograms() {
            return false;
        }

        @Override
        public RootfsSink open(OutputRequest request) {
            return process.accompany(
                    DirectorySink.open(request.destination(), tree, request), request);
        }

        @Override
        public List<String> furtherDestinations() {
            return process.destinations();
        }

        @Override
        public void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {
            ForeseenLosses.tell(entries, request);
        }

        /// systemd-nspawn takes nothing without `/usr`.
        @Override
        public Made made(String destination, String imageName) {
            Path made = Path.of(destination);
            return Made.tree(
                    made,
                    Files.exists(made.resolve("usr"), LinkOption.NOFOLLOW_LINKS)
                            ? ShellCommand.asRoot("systemd-nspawn", "-D", made)
                            : "");
        }
    }
}
