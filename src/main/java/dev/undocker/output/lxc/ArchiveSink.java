package dev.undocker.output.lxc;

import dev.undocker.Events.Task;
import dev.undocker.UndockerException;
import dev.undocker.codec.Compression;
import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.DirectoryDestination;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.TarFile;
import dev.undocker.output.tar.TarOutput;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.lxc.LxcFiles;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `meta.tar.xz` and `rootfs.tar.xz`, as the `local` template of `lxc-create` takes them; LXC 5
/// reads xz only. Members of the root file system are called `./…`, which its exclude patterns
/// need.
final class ArchiveSink implements RootfsSink {
    static final String META = "meta.tar.xz";
    static final String ROOTFS = "rootfs.tar.xz";
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    /// The template's own: LXC mounts its devices there.
    private static final String EXCLUDES = "./dev/*\n";

    private final DirectoryDestination destination;
    private final FileCapabilities capabilities;
    private final OutputRequest request;
    private final Map<String, String> metaTexts;
    private final TarFile meta;
    private final TarFile rootfs;

    private ArchiveSink(
            DirectoryDestination destination,
            LxcContainer container,
            OutputRequest request,
            TarFile meta,
            TarFile rootfs) {
        this.destination = destination;
        this.request = request;
        capabilities = new FileCapabilities(container.version());
        metaTexts = metaTexts(container, request);
        this.meta = meta;
        this.rootfs = rootfs;
    }

    /// @param destination the sink's from now on
    static ArchiveSink open(
            DirectoryDestination destination,
            LxcContainer container,
            @Nullable Integer level,
            OutputRequest request) {
        try {
            return Handover.of(
                    destination,
                    directory -> {
                        directory.setMode(DIRECTORY_MODE);
                        return Handover.of(
                                TarFile.open(
                                        directory,
                                        META,
                                        Encoding.ofSmall(Compression.XZ),
                                        false,
                                        Task.UNHEARD),
                                meta ->
                                        Handover.of(
                                                TarFile.open(
                                                        directory,
                                                        ROOTFS,
                                                        TarOutput.encoding(
                                                                Compression.XZ, level, request),
                                                        true,
                                                        TarOutput.task(Compression.XZ, request)),
                                                rootfs ->
                                                        new ArchiveSink(
                                                                directory, container, request, meta,
                                                                rootfs)));
                    });
        } catch (IOException e) {
            throw UndockerException.because(destination.toString(), e);
        }
    }

    private static Map<String, String> metaTexts(LxcContainer container, OutputRequest request) {
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("config", container.config(LxcFiles.TEMPLATE, false, request.events()));
        texts.put("config-user", container.config(LxcFiles.TEMPLATE, true, said -> {}));
        texts.put("excludes", EXCLUDES);
        texts.put("create-message", container.createMessage());
        return texts;
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        capabilities.see(entry);
        rootfs.tar().accept(entry);
    }

    @Override
    public void finish() throws IOException {
        rootfs.tar().finish();
        Metadata metadata = new Metadata(FILE_MODE, 0, 0, 0, 0, List.of());
        for (Map.Entry<String, String> text : metaTexts.entrySet()) {
            byte[] bytes = text.getValue().getBytes(StandardCharsets.UTF_8);
            Inode file = new Inode.RegularFile(metadata, new Content.Generated(bytes));
            meta.tar().accept(new RootfsEntry.Node(RootfsPath.of(text.getKey()), file));
        }
        meta.tar().finish();
        capabilities.warn(request.events());
    }

    @Override
    public Committed commit() throws IOException {
        return destination.commit();
    }

    @Override
    public void sync() throws IOException {
        destination.sync();
    }

    @Override
    public void close() throws IOException {
        try (destination;
                rootfs;
                meta) {
            // closed in reverse order
        }
    }
}
