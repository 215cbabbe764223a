package dev.undocker.output.process;

import dev.undocker.UndockerException;
import dev.undocker.output.Committable;
import dev.undocker.output.Committed;
import dev.undocker.output.Handover;
import dev.undocker.output.JointOutput;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.directory.TreeSettings;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.Volume;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// A container together with the directories of this machine that will be mounted on its volumes:
/// those that are missing are made and get what the image has in the volume, as docker and podman
/// fill a new volume. What is there is left alone.
public final class SeedingSink implements RootfsSink {
    private final RootfsSink container;
    private final List<VolumeSeed> seeds = new ArrayList<>();

    private SeedingSink(RootfsSink container) {
        this.container = container;
    }

    /// @param container the result's from now on, or the result itself where nothing is mounted
    /// @param settings whose ids the files get
    /// @throws UndockerException when a directory cannot be made, after closing `container`
    public static RootfsSink of(
            RootfsSink container, Volumes volumes, TreeSettings settings, OutputRequest request) {
        if (!(volumes.policy() instanceof VolumePolicy.Bind(String directory))) {
            return container;
        }
        Path host = Path.of(directory);
        try {
            return Handover.of(
                    new SeedingSink(container),
                    sink -> {
                        missing(host, volumes)
                                .forEach((base, paths) ->
                                        sink.seeds.add(
                                                VolumeSeed.open(
                                                        host, base, paths, settings, request)));
                        return sink;
                    });
        } catch (IOException e) {
            throw UndockerException.because(directory, e);
        }
    }

    /// The directories to make, with the volumes that lie in each.
    private static SortedMap<RootfsPath, List<RootfsPath>> missing(Path host, Volumes volumes) {
        SortedMap<RootfsPath, List<RootfsPath>> missing = new TreeMap<>();
        for (Volume volume : volumes.all()) {
            RootfsPath base = VolumeSeed.missing(host, volume.path());
            if (base != null) {
                missing.computeIfAbsent(base, _ -> new ArrayList<>()).add(volume.path());
            }
        }
        return missing;
    }

    /// Seeds first: a container never stands there without its volumes.
    private JointOutput all() {
        List<Committable> parts = new ArrayList<>(seeds);
        parts.add(container);
        return new JointOutput(parts);
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        for (VolumeSeed seed : seeds) {
            seed.accept(entry);
        }
        container.accept(entry);
    }

    @Override
    public void finish() throws IOException {
        seeds.forEach(VolumeSeed::finish);
        container.finish();
    }

    @Override
    public Committed commit() throws IOException {
        return all().commit();
    }

    @Override
    public void sync() throws IOException {
        all().sync();
    }

    @Override
    public void close() throws IOException {
        all().close();
    }
}
