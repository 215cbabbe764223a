package dev.undocker.output.lxc;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.output.Committable;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.PathKind;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.Succession;
import dev.undocker.output.directory.AccompaniedTree;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.output.directory.IdMap;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.output.process.MachineSettings;
import dev.undocker.runtime.LocalEdits;
import dev.undocker.runtime.lxc.LxcFiles;
import dev.undocker.runtime.lxc.LxcHost;
import dev.undocker.runtime.lxc.LxcNetwork;
import dev.undocker.runtime.lxc.LxcSubjects;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A container as `lxc-create` leaves it, `config` and `rootfs` in a directory, and beside that
/// directory `NAME.conf`: the settings that are not the image's but this machine's. It lies outside
/// so that neither a replaced nor a renamed container loses it, and once made it is never touched.
final class ContainerSink {
    private static final String ROOTFS = "rootfs";
    private static final String CONFIG = "config";
    private static final String LOCAL =
            "# For settings of this machine: LXC reads them last, and undocker never changes"
                    + " them.\n";

    private static final int DIRECTORY_MODE = 0770;

    /// In a user namespace the container's root is a stranger, who has to get through.
    private static final int SHIFTED_DIRECTORY_MODE = 0771;

    private ContainerSink() {}

    /// The configuration of a container that may be there.
    ///
    /// @param container its directory
    static MachineSettings settings(Path container, Warnings warnings) {
        return MachineSettings.read(container.resolve(CONFIG), new LxcSubjects(), warnings);
    }

    /// @param destination the container's directory; the sink's from now on
    static RootfsSink open(
            DirectoryDestination destination,
            LxcContainer container,
            MachineSettings settings,
            TreeSettings tree,
            OutputRequest request) {
        List<String> idMap =
                Stream.concat(ranges('u', tree.uids()), ranges('g', tree.gids())).toList();
        try {
            return Handover.of(
                    destination,
                    directory -> {
                        Path local = directory.path().resolveSibling(container.name() + ".conf");
                        byte[] config =
                                settings.edits()
                                        .applyTo(
                                                config(directory, container, idMap, local, request),
                                                directory.path().resolve(CONFIG).toString(),
                                                request.events());
                        Succession succession = succession(directory, container, tree);
                        if (directory.replacesTree() && !succession.kept().isEmpty()) {
                            requireSameIds(directory, settings.edits(), idMap);
                        }
                        if (container.network() == LxcNetwork.DHCP) {
                            LxcHost.warnOfMissingClient(LxcHost.DHCP_CLIENT, request.events());
                        }
                        SubordinateIds.check(tree.uids(), tree.gids(), request.events());
                        directory.setMode(
                                idMap.isEmpty() ? DIRECTORY_MODE : SHIFTED_DIRECTORY_MODE);
                        return Handover.of(
                                DirectorySink.in(
                                        directory,
                                        ROOTFS,
                                        Map.of(CONFIG, config),
                                        tree,
                                        succession,
                                        request),
                                sink -> with(settings, missing(local, request), sink));
                    });
        } catch (IOException e) {
            throw UndockerException.because(destination.toString(), e);
        }
    }

    /// Without its configuration under that name the old container is none that LXC would start: it
    /// would be started in the new one's tree.
    private static Succession succession(
            DirectoryDestination destination, LxcContainer container, TreeSettings tree) {
        String name = container.name() + ".previous";
        Path previous = destination.path().resolveSibling(name);
        if (destination.replacesTree()
                && PathKind.of(previous) != PathKind.NOTHING
                && (PathKind.behind(previous.resolve(CONFIG)) != PathKind.NOTHING
                        || PathKind.behind(previous.resolve(Succession.retired(CONFIG)))
                                == PathKind.NOTHING)) {
            throw new UndockerException(previous + ": is no container that was replaced here")
                    .withHint("give it another name");
        }
        return tree.succession(
                container.volumes(),
                ROOTFS,
                new Succession.Previous(name, tree.keepsPrevious(), null, CONFIG));
    }

    /// What is in the volumes belongs to the ids that it was written by.
    private static void requireSameIds(
            DirectoryDestination destination, LocalEdits edits, List<String> idMap) {
        List<String> before = edits.written("lxc.idmap = ");
        if (edits.areKnown() && !before.equals(idMap)) {
            throw new UndockerException(
                            "%s: its volumes belong to the ids of another --uid-map and --gid-map: %s"
                                    .formatted(
                                            destination,
                                            before.isEmpty() ? "none" : String.join(", ", before)))
                    .withHint("use the same, or begin without these volumes: --drop-volumes");
        }
    }

    private static RootfsSink with(
            MachineSettings settings, List<FileDestination> files, RootfsSink sink) {
        List<Committable> beside = new ArrayList<>(files);
        beside.add(settings);
        return AccompaniedTree.with(beside, sink);
    }

    private static List<FileDestination> missing(Path local, OutputRequest request)
            throws IOException {
        if (PathKind.of(local) != PathKind.NOTHING) {
            return List.of();
        }
        return Handover.of(
                FileDestination.open(local.toString(), request.events()),
                file -> {
                    file.write(LOCAL.getBytes(StandardCharsets.UTF_8));
                    return List.of(file);
                });
    }

    private static byte[] config(
            DirectoryDestination destination,
            LxcContainer container,
            List<String> idMap,
            Path local,
            OutputRequest request) {
        ByteArrayOutputStream config = new ByteArrayOutputStream();
        config.writeBytes(
                container
                        .config(LxcFiles.INSTALLED, !idMap.isEmpty(), request.events())
                        .getBytes(StandardCharsets.UTF_8));
        config.writeBytes(
                LxcHost.lines(
                        destination.path().resolve(ROOTFS),
                        container.name(),
                        idMap,
                        LxcHost.DEFAULTS,
                        local,
                        request.events()));
        return config.toByteArray();
    }

    private static Stream<String> ranges(char kind, IdMap map) {
        return map.ranges().stream()
                .map(range ->
                        "%c %d %d %d"
                                .formatted(kind, range.container(), range.host(), range.size()));
    }
}
