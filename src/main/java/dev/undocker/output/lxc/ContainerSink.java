package dev.undocker.output.lxc;

import dev.undocker.UndockerException;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.directory.DirectorySink;
import dev.undocker.output.directory.IdMap;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.runtime.lxc.LxcConfig;
import dev.undocker.runtime.lxc.LxcHost;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A container as `lxc-create` leaves it: `config`, and `rootfs` beside it.
final class ContainerSink {
    private static final String ROOTFS = "rootfs";
    private static final int DIRECTORY_MODE = 0770;

    /// In a user namespace the container's root is a stranger, who has to get through.
    private static final int SHIFTED_DIRECTORY_MODE = 0771;

    private ContainerSink() {}

    /// @param destination the container's directory; the sink's from now on
    static RootfsSink open(
            DirectoryDestination destination,
            LxcContainer container,
            TreeSettings tree,
            OutputRequest request) {
        List<String> idMap =
                Stream.concat(ranges('u', tree.uids()), ranges('g', tree.gids())).toList();
        try {
            return Handover.of(
                    destination,
                    directory -> {
                        byte[] config = config(directory, container, idMap, request);
                        directory.setMode(
                                idMap.isEmpty() ? DIRECTORY_MODE : SHIFTED_DIRECTORY_MODE);
                        return DirectorySink.in(
                                directory, ROOTFS, Map.of("config", config), tree, request);
                    });
        } catch (IOException e) {
            throw UndockerException.because(destination.toString(), e);
        }
    }

    private static byte[] config(
            DirectoryDestination destination,
            LxcContainer container,
            List<String> idMap,
            OutputRequest request) {
        ByteArrayOutputStream config = new ByteArrayOutputStream();
        config.writeBytes(
                container
                        .config(LxcConfig.INSTALLED_INCLUDES, !idMap.isEmpty(), request.warnings())
                        .getBytes(StandardCharsets.UTF_8));
        config.writeBytes(
                LxcHost.lines(
                        destination.path().resolve(ROOTFS),
                        container.name(),
                        idMap,
                        LxcHost.DEFAULTS,
                        request.warnings()));
        return config.toByteArray();
    }

    private static Stream<String> ranges(char kind, IdMap map) {
        return map.ranges().stream()
                .map(range ->
                        "%c %d %d %d"
                                .formatted(kind, range.container(), range.host(), range.size()));
    }
}
