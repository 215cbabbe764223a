package dev.undocker.output.directory;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;

import java.util.List;
import java.util.Locale;

/// The options of every writer that makes a tree on disk.
public final class TreeSettings {
    boolean force;
    boolean dropVolumes;
    String rootless = "warn";
    List<String> uidMap = List.of();
    List<String> gidMap = List.of();
    boolean sparse;

    /// Adds the options.
    public void declare(Options options) {
        options.flag(
                "--force",
                "replace a directory that is not empty, once the new tree is complete beside it",
                given -> force = given);
        options.flag(
                "--drop-volumes",
                "with --force: also drop what was written into the image's volumes in the replaced"
                        + " tree",
                given -> dropVolumes = given);
        options.text(
                "--rootless",
                "fail|warn",
                "what to do when owners, devices or attributes cannot be kept for lack of rights:"
                        + " stop, or say so at the end (default: warn)",
                word -> rootless = word);
        options.texts(
                "--uid-map",
                "CONTAINER:HOST:SIZE",
                "shift a range of user ids; repeatable",
                ranges -> uidMap = ranges);
        options.texts(
                "--gid-map",
                "CONTAINER:HOST:SIZE",
                "shift a range of group ids; repeatable",
                ranges -> gidMap = ranges);
        options.flag(
                "--sparse", "make holes of long runs of zeros in files", given -> sparse = given);
    }

    /// Checks that the options can be understood, and that files can get the owners that they name.
    ///
    /// @throws UndockerException when not
    public void validate() {
        failsOnLoss();
        MappedOwners.require(uids(), gids());
    }

    /// Whether a directory that is not empty may be replaced.
    public boolean force() {
        return force;
    }

    boolean dropsVolumes() {
        return dropVolumes;
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
                    throw Spelling.refusal(
                            "--rootless " + rootless, rootless, List.of("fail", "warn"));
        };
    }

    boolean sparse() {
        return sparse;
    }
}
