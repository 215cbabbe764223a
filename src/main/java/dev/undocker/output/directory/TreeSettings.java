package dev.undocker.output.directory;

import dev.undocker.Options;
import dev.undocker.Spelling;
import dev.undocker.UndockerException;
import dev.undocker.output.Succession;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.Volumes;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/// The options of every writer that makes a tree on disk.
public final class TreeSettings {
    private final boolean machine;
    boolean force;
    private boolean noPrevious;
    boolean dropVolumes;
    String rootless = "warn";
    List<String> uidMap = List.of();
    List<String> gidMap = List.of();
    boolean sparse;

    /// Of a tree that is replaced as a whole.
    public TreeSettings() {
        this(false);
    }

    private TreeSettings(boolean machine) {
        this.machine = machine;
    }

    /// Of a machine, which keeps its volumes when it is replaced, and whose old tree stays.
    public static TreeSettings ofMachine() {
        return new TreeSettings(true);
    }

    /// Adds the options.
    public void declare(Options options) {
        options.flag(
                "--force",
                machine
                        ? "replace what has this name, once the new tree is complete; its volumes"
                                + " and what was changed in its settings go on, and the replaced"
                                + " tree stays as NAME.previous"
                        : "replace a directory that is not empty, once the new tree is complete"
                                + " beside it",
                given -> force = given);
        options.flag(
                "--drop-volumes",
                machine
                        ? "with --force: begin with the image's own volumes"
                        : "with --force: also drop what was written into the image's volumes in"
                                + " the replaced tree",
                given -> dropVolumes = given);
        if (machine) {
            options.flag(
                    "--no-previous",
                    "with --force: remove the replaced tree, and an earlier NAME.previous",
                    given -> noPrevious = given);
        }
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

    /// Whether a replaced tree's volumes are let go.
    public boolean dropsVolumes() {
        return dropVolumes;
    }

    /// What a machine that is replaced hands on.
    ///
    /// @param volumes those of the new one
    /// @param directory of its tree in the destination, or null for the destination itself
    public Succession succession(
            Volumes volumes, @Nullable String directory, Succession.Previous previous) {
        RootfsPath root = directory == null ? RootfsPath.ROOT : RootfsPath.of(directory);
        return new Succession(
                root,
                dropVolumes || volumes.areMounted() ? List.of() : volumes.declared(),
                previous);
    }

    /// Whether a replaced machine stays.
    public boolean keepsPrevious() {
        return !noPrevious;
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
