package dev.undocker.output.ext4;

import dev.undocker.UndockerException;
import dev.undocker.output.Committed;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.ProgramSink;
import dev.undocker.output.program.ScratchDirectory;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// An ext4 that mke2fs(8) makes of a tree beside it, which tar(1) unpacks under fakeroot(1), and
/// debugfs(8) completes ([Repairs]). (From 1.47.1 on mke2fs takes a tar too, of which it drops all
/// extended attributes but file capabilities.)
final class Ext4Sink implements RootfsSink {
    static final List<Program> PROGRAMS =
            List.of(
                    new Program("mke2fs", "e2fsprogs"),
                    new Program("debugfs", "e2fsprogs"),
                    new Program("fakeroot", "fakeroot"),
                    new Program("tar", "tar"));

    /// `Documentation/filesystems/ext4/inodes.rst`, with inodes of 256 bytes; the namespaces are
    /// those of `fs/ext4/xattr.c`.
    private static final FormatLimits LIMITS =
            new FormatLimits(
                    "ext4",
                    Set.of(
                            "user.",
                            "trusted.",
                            "security.",
                            "system.posix_acl_access",
                            "system.posix_acl_default"),
                    Integer.MIN_VALUE,
                    0x3_7fff_ffffL,
                    true);

    /// Arguments: the scratch directory, the file, the UUID, the time. debugfs has no exit status.
    private static final String SCRIPT =
            """
            set -e
            cd "$1"
            tar -x -p --numeric-owner -C tree
            . ./size
            export E2FSPROGS_FAKE_TIME="$4"
            mke2fs -q -F -t ext4 -b 4096 -I 256 -m 0 -N "$inodes" -J size="$journal" -U "$3" \\
                -E hash_seed="$3",lazy_itable_init=0,lazy_journal_init=0,no_copy_xattrs,nodiscard \\
                -d tree "$2" "${size}k"
            said=$(debugfs -w -f repairs "$2" 2>&1 >/dev/null | sed 1d)
            if [ -n "$said" ]; then
                echo "debugfs: $said" >&2
                exit 1
            fi
            """;

    private final ProgramSink program;
    private final ScratchDirectory scratch;
    private final Repairs repairs;
    private final Ext4Size needed = new Ext4Size();
    private final OptionalLong wanted;
    private final FormatLimits.Check limits;

    /// Inodes without what is set later, by identity.
    private final Map<Inode, Inode> bare = new IdentityHashMap<>();

    private Ext4Sink(
            ProgramSink program,
            ScratchDirectory scratch,
            Repairs repairs,
            OptionalLong wanted,
            FormatLimits.Check limits) {
        this.program = program;
        this.scratch = scratch;
        this.repairs = repairs;
        this.wanted = wanted;
        this.limits = limits;
    }

    /// @param wanted the size in KiB; empty for one that is just large enough
    static Ext4Sink open(OptionalLong wanted, OutputRequest request) {
        ImageIdentity identity = ImageIdentity.of(request.image().config());
        try {
            return Handover.of(
                    ScratchDirectory.beside(request.destination(), request.events()),
                    scratch -> {
                        scratch.makeDirectory("tree");
                        return Handover.of(
                                new Repairs(scratch, identity.seconds(), request.events()),
                                repairs ->
                                        new Ext4Sink(
                                                ProgramSink.open(
                                                        "mke2fs",
                                                        file -> command(scratch, file, identity),
                                                        Map.of(),
                                                        FormatLimits.NONE,
                                                        request),
                                                scratch,
                                                repairs,
                                                wanted,
                                                LIMITS.check(request.events())));
                    });
        } catch (IOException e) {
            throw UndockerException.because(request.destination(), e);
        }
    }

    private static List<String> command(
            ScratchDirectory scratch, Path file, ImageIdentity identity) {
        return List.of(
                "fakeroot",
                "/bin/sh",
                "-c",
                SCRIPT,
                "mke2fs",
                scratch.resolve(".").toString(),
                file.toString(),
                identity.uuid().toString(),
                Long.toString(identity.seconds()));
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        RootfsEntry held = limits.held(entry);
        needed.add(held);
        repairs.add(held);
        program.accept(
                switch (held) {
                    case RootfsEntry.Node(RootfsPath path, Inode inode) ->
                            new RootfsEntry.Node(path, bare(inode));
                    case RootfsEntry.HardLink(RootfsPath path, RootfsPath target, Inode inode) ->
                            new RootfsEntry.HardLink(path, target, bare(inode));
                });
    }

    /// What nobody but root may give to a file, the tree goes without.
    private Inode bare(Inode inode) {
        Metadata all = inode.metadata();
        return all.xattrs().isEmpty()
                ? inode
                : bare.computeIfAbsent(
                        inode,
                        _ ->
                                inode.withMetadata(
                                        new Metadata(
                                                all.mode(),
                                                all.uid(),
                                                all.gid(),
                                                all.mtimeSeconds(),
                                                all.mtimeNanos(),
                                                List.of())));
    }

    @Override
    public void finish() throws IOException {
        long least = needed.kibibytes();
        long size = wanted.orElse(least);
        if (size < least) {
            throw new UndockerException("--size: is too small: %d KiB are needed".formatted(least));
        }
        repairs.finish();
        Files.writeString(
                scratch.resolve("size"),
                "inodes=%d\njournal=%d\nsize=%d\n"
                        .formatted(needed.inodes(), needed.journalMegabytes(), size));
        program.finish();
        limits.tell();
    }

    @Override
    public Committed commit() {
        return program.commit();
    }

    @Override
    public void sync() {
        program.sync();
    }

    /// The program goes first, which works in the directory.
    @Override
    public void close() throws IOException {
        try (scratch;
                repairs;
                program) {
            // closed in reverse order
        }
    }
}
