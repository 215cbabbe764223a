package dev.undocker.output.directory;

import dev.undocker.UndockerException;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The options of every writer that makes a tree on disk; to be mixed into its own settings.
public final class TreeSettings {
    @Option(
            names = "--force",
            description =
                    "replace a directory that is not empty, once the new tree is complete beside"
                            + " it")
    boolean force;

    @Option(
            names = "--rootless",
            paramLabel = "fail|warn",
            description =
                    "what to do when owners, devices or attributes cannot be kept for lack of"
                            + " rights: stop, or say so at the end (default: warn)")
    String rootless = "warn";

    @Option(
            names = "--uid-map",
            paramLabel = "CONTAINER:HOST:SIZE",
            description = "shift a range of user ids; repeatable")
    List<String> uidMap = new ArrayList<>();

    @Option(
            names = "--gid-map",
            paramLabel = "CONTAINER:HOST:SIZE",
            description = "shift a range of group ids; repeatable")
    List<String> gidMap = new ArrayList<>();

    @Option(names = "--sparse", description = "make holes of long runs of zeros in files")
    boolean sparse;

    /// Checks that the options can be understood.
    ///
    /// @throws UndockerException when not
    public void validate() {
        uids();
        gids();
        failsOnLoss();
    }

    /// Whether a directory that is not empty may be replaced.
    public boolean force() {
        return force;
    }

    /// Who owns what belongs to a user of the image.
    public IdMap uids() {
        return IdMap.parse("--uid-map", uidMap);
    }

    /// Who owns what belongs to a group of the image.
    public IdMap gids() {
        return IdMap.parse("--gid-map", gidMap);
    }

    boolean failsOnLoss() {
        return switch (rootless.toLowerCase(Locale.ROOT)) {
            case "fail" -> true;
            case "warn" -> false;
            default ->
                    throw UndockerException.usage(
                            "--rootless %s: is neither fail nor warn".formatted(rootless));
        };
    }

    boolean sparse() {
        return sparse;
    }
}
