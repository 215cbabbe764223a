package dev.undocker.output;

import dev.undocker.Options;
import dev.undocker.rootfs.RootfsEntry;

import java.nio.file.Path;
import java.util.List;

/// A kind of output: one CDI bean, found by [WriterRegistry], which becomes a subcommand and a KIND
/// of `convert`. Stateless; everything about one output lives in its settings and its sink.
///
/// Adding a writer is adding one bean; see CONTRIBUTING.md.
public interface OutputWriter {
    /// The subcommand: lower-case letters, digits and `-`.
    String name();

    /// One line for the help, without a final period.
    String summary();

    /// What the destination argument is called in the help, such as `OUT` or `DIRECTORY`.
    String destinationLabel();

    /// What the destination's name ends in where the writer asks for an ending, such as `.wsl`.
    default String usualSuffix() {
        return "";
    }

    /// Whole command lines for the help, each of less than 78 characters. A test runs them where
    /// `docker://nginx` and the same image in `image.tar` are there.
    default List<String> examples() {
        return List.of();
    }

    /// True when the output holds the image's files, and nothing of what else the image says: of
    /// its process, ports, volumes and labels.
    default boolean isFilesOnly() {
        return false;
    }

    /// Fresh settings for one output, all with defaults.
    Settings newSettings();

    /// The options of one output, filled from the command line.
    interface Settings {
        /// Adds the options.
        void declare(Options options);

        /// Checks, before anything is read, that these settings go together and that there can be
        /// an output at `destination`, so that the user hears of it at once.
        ///
        /// @throws dev.undocker.UndockerException when not
        void validate(String destination);

        /// What the output makes beside its destination, as the user named it: two outputs of a run
        /// can have no such file or directory in common.
        ///
        /// @throws dev.undocker.UndockerException when an option cannot be understood
        default List<String> furtherDestinations() {
            return List.of();
        }

        /// False when the output is made without the help of another program. What is said here is
        /// for all outputs of a run; without any program none can be started.
        default boolean startsPrograms() {
            return true;
        }

        /// Learns of this machine what the output depends on, by starting programs if need be.
        /// Asked once, after [#validate(String)] and while programs can still be started.
        ///
        /// @return sentences about what was found, for who wants to know
        default List<String> lookAround() {
            return List.of();
        }

        /// Opens the output. Nothing appears under the final name before [RootfsSink#commit()].
        ///
        /// @throws dev.undocker.UndockerException when the destination cannot be used
        RootfsSink open(OutputRequest request);

        /// Says of these entries what the output would lose and only the end of a conversion tells:
        /// for want of rights, or for the sake of who reads it; and of what else the image says
        /// what the output has no place for. Nothing is written.
        default void foresee(Iterable<RootfsEntry> entries, OutputRequest request) {}

        /// What there is after the commit. Asked for only where somebody reads it.
        ///
        /// @param imageName the image's, from which names of containers are made
        default Made made(String destination, String imageName) {
            return Made.file(Path.of(destination), "");
        }
    }
}
