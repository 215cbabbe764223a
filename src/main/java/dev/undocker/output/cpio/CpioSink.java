package dev.undocker.output.cpio;

import dev.undocker.codec.Encoding;
import dev.undocker.output.Committed;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.tar.TarSink;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An initial RAM file system. The first name of a file has to say how many there are, so all
/// entries are known before the first is written.
final class CpioSink implements RootfsSink {
    /// The format's fields are unsigned numbers of 32 bits.
    static final FormatLimits LIMITS = new FormatLimits("cpio", Set.of(), 0, 0xffff_ffffL, false);

    private final TarSink archive;
    private final Map<Inode, Integer> links;
    private final FormatLimits.Check limits;
    private final List<RootfsEntry> entries = new ArrayList<>();

    private CpioSink(TarSink archive, Map<Inode, Integer> links, FormatLimits.Check limits) {
        this.archive = archive;
        this.links = links;
        this.limits = limits;
    }

    static CpioSink open(OutputRequest request, Encoding encoding) {
        Map<Inode, Integer> links = new IdentityHashMap<>();
        return new CpioSink(
                TarSink.open(request, encoding, new CpioFormat(links)),
                links,
                LIMITS.check(request.events()));
    }

    @Override
    public void accept(RootfsEntry entry) {
        RootfsEntry held = limits.held(entry);
        if (held instanceof RootfsEntry.HardLink) {
            links.merge(held.inode(), 1, Integer::sum);
        }
        entries.add(held);
    }

    @Override
    public void finish() throws IOException {
        for (RootfsEntry entry : entries) {
            archive.accept(entry);
        }
        archive.finish();
        limits.tell();
    }

    @Override
    public Committed commit() {
        return archive.commit();
    }

    @Override
    public void sync() {
        archive.sync();
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
