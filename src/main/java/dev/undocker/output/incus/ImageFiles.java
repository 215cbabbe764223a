package dev.undocker.output.incus;

import dev.undocker.output.OutputRequest;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.incus.IncusMetadata;
import dev.undocker.runtime.incus.IncusProcess;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// What an image holds beside its root file system.
final class ImageFiles {
    private static final Metadata METADATA = new Metadata(0644, 0, 0, 0, 0, List.of());

    private ImageFiles() {}

    static List<RootfsEntry> of(IncusProcess process, Volumes volumes, OutputRequest request) {
        String name = request.image().name();
        String metadata = IncusMetadata.yaml(request.image().config(), name, request.events());
        byte[] config = process.config(ContainerName.ofImage(name), volumes, request.events());
        return List.of(
                file("metadata.yaml", metadata.getBytes(StandardCharsets.UTF_8)),
                file("config.json", config));
    }

    private static RootfsEntry file(String name, byte[] content) {
        return new RootfsEntry.Node(
                RootfsPath.of(name),
                new Inode.RegularFile(METADATA, new Content.Generated(content)));
    }
}
