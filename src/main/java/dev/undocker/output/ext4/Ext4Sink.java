package dev.undocker.output.ext4;

import dev.undocker.UndockerException;
import dev.undocker.output.Committed;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.TreeProgram;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/// An ext4 that mke2fs(8) makes of a tree beside it, which tar(1) unpacks under fakeroot(1), and
/// debugfs(8) completes ([Repairs]). (From 1.47.1 on mke2fs takes a tar too, of which it drops all
/// extended attributes but file capabilities.)
final class Ext4Sink implements RootfsSink {
    static final List<Program> PROGRAMS =
            Stream.concat(
                            TreeProgram.PROGRAMS.stream(),
                            Stream.of(
                                    new Program("mke2fs", "e2fsprogs"),
                                    new Program("debugfs", "e2fsprogs")))
                    .toList();

    /// `Documentation/filesystems/ext4/inodes.rst`, with inodes of 256 bytes; the namespaces are
    /// those of `fs/ext4/xattr.c`.
    static final FormatLimits LIMITS =
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

    /// Arguments: the UUID, the time. debugfs has no exit status.
    private static final String SCRIPT =
            """
            . ./size
            export E2FSPROGS_FAKE_TIME="$2"
            mke2fs -q -F -t ext4 -b 4096 -I 256 -m 0 -N "$inodes" -J size="$journal" -U "$1" \\
                -E hash_seed="$1",lazy_itable_init=0,lazy_journal_init=0,no_copy_xattrs,nodiscard \\
                -d tree "$file" "${size}k"
            said=$(debugfs -w -f repairs "$file" 2>&1 >/dev/null | sed 1d)
            if [ -n "$said" ]; then
                echo "debugfs: $said" >&2
                exit 1
            fi
            """;

    private static final RootfsPath LOST_AND_FOUND = RootfsPath.of("lost+found");

    private final TreeProgram program;
    private final Repairs repairs;
    private final Ext4Size needed = new Ext4Size();
    private final String output;
    private final OptionalLong wanted;
    private final FormatLimits.Check limits;

    private Ext4Sink(
            String output,
            TreeProgram program,
            Repairs repairs,
            OptionalLong wanted,
            FormatLimits.Check limits) {
        this.output = output;
        this.program = program;
        this.repairs = repairs;
        this.wanted = wanted;
        this.limits = limits;
    }

    /// @param wanted the size in KiB; empty for one that is just large enough
    static Ext4Sink open(OptionalLong wanted, OutputRequest request) {
        ImageIdentity identity = ImageIdentity.of(request.image().config());
        List<String> arguments =
                List.of(identity.uuid().toString(), Long.toString(identity.seconds()));
        try {
            return Handover.of(
                    TreeProgram.open("mke2fs", SCRIPT, arguments, request),
                    program ->
                            new Ext4Sink(
                                    request.destination(),
                                    program,
                                    new Repairs(
                                            program.scratch(),
                                            identity.seconds(),
                                            request.events()),
                                    wanted,
                                    LIMITS.check(request.events())));
        } catch (IOException e) {
            throw UndockerException.because(request.destination(), e);
        }
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        if (entry.path().equals(LOST_AND_FOUND) && !(entry.inode() instanceof Inode.Directory)) {
            throw new UndockerException(
                    "%s: is a directory in every ext4, and no directory in the image"
                            .formatted(entry.path()));
        }
        RootfsEntry held = limits.held(entry);
        needed.add(held);
        repairs.add(held);
        program.accept(held);
    }

    @Override
    public void finish() throws IOException {
        long least = needed.kibibytes();
        long size = wanted.orElse(least);
        if (size < least) {
            throw new UndockerException(
                    "%s: --size: is too small: %d KiB are needed".formatted(output, least));
        }
        repairs.finish();
        Files.writeString(
                program.scratch().resolve("size"),
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

    @Override
    public void close() throws IOException {
        try (program) {
            repairs.close();
        }
    }
}
