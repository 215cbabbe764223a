package dev.undocker.output.erofs;

import dev.undocker.UndockerException;
import dev.undocker.output.Committed;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.program.FileSystemCompression;
import dev.undocker.output.program.FormatLimits;
import dev.undocker.output.program.ImageIdentity;
import dev.undocker.output.program.Program;
import dev.undocker.output.program.TreeProgram;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// An EROFS that a mkfs.erofs(1) makes of a tree which reads no tar, such as 1.5 of Debian 12.
/// setfattr(1) gives the tree its extended attributes.
///
/// Version 1.5 takes its own time for the file system's unless `SOURCE_DATE_EPOCH` says it, which
/// then is the latest time of any file too; so it is no earlier than any.
final class ErofsTreeSink implements RootfsSink {
    static final List<Program> PROGRAMS =
            Stream.concat(TreeProgram.PROGRAMS.stream(), Stream.of(new Program("setfattr", "attr")))
                    .toList();

    /// Times before 1970 are taken for later ones than all others; the latest is ext4's, on which
    /// the tree may lie.
    static final FormatLimits LIMITS =
            new FormatLimits("mkfs.erofs", MkfsErofs.NAMESPACES, 0, 0x3_7fff_ffffL, true);

    /// It keeps a path in a buffer of `PATH_MAX`, from the root of this machine on.
    private static final int LONGEST_PATH = 4095;

    /// It takes no name of `NAME_MAX` (`EROFS_NAME_LEN`).
    private static final int LONGEST_NAME = 254;

    /// It leaves out what has a name that begins so, wherever it is, and does not say it.
    private static final byte[] LEFT_OUT = "lost+found".getBytes(StandardCharsets.US_ASCII);

    private static final String SCRIPT =
            """
            setfattr -h --restore=xattrs
            . ./latest
            export SOURCE_DATE_EPOCH="$latest"
            "$@" "$file" tree
            """;

    private final String output;
    private final TreeProgram program;
    private final int treeLength;
    private final XattrDump xattrs;
    private final FormatLimits.Check limits;
    private long latest;
    private int nanos;

    private ErofsTreeSink(
            String output,
            TreeProgram program,
            XattrDump xattrs,
            long latest,
            FormatLimits.Check limits)
            throws IOException {
        this.output = output;
        this.program = program;
        this.xattrs = xattrs;
        this.latest = latest;
        this.limits = limits;
        Path tree = program.scratch().resolve("tree").toRealPath();
        treeLength = tree.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    static ErofsTreeSink open(
            MkfsErofs mkfs, OutputRequest request, FileSystemCompression compression) {
        ImageIdentity identity = ImageIdentity.of(request.image().config());
        List<String> command =
                new ArrayList<>(List.of(mkfs.file().toString(), "--quiet", "-U" + identity.uuid()));
        command.addAll(mkfs.options(compression));
        try {
            return Handover.of(
                    TreeProgram.open(MkfsErofs.PROGRAM.name(), SCRIPT, command, request),
                    program ->
                            new ErofsTreeSink(
                                    request.destination(),
                                    program,
                                    new XattrDump(program.scratch().resolve("xattrs")),
                                    identity.seconds(),
                                    LIMITS.check(request.events())));
        } catch (IOException e) {
            throw UndockerException.because(request.destination(), e);
        }
    }

    @Override
    public void accept(RootfsEntry entry) throws IOException {
        RootfsEntry held = limits.held(entry);
        RootfsPath path = held.path();
        refuse(path);
        Metadata metadata = held.inode().metadata();
        if (metadata.mtimeSeconds() > latest) {
            latest = metadata.mtimeSeconds();
        }
        nanos = Math.max(nanos, metadata.mtimeNanos());
        if (held instanceof RootfsEntry.Node) {
            xattrs.add(path, metadata.xattrs());
        }
        program.accept(held);
    }

    private void refuse(RootfsPath path) {
        if (path.name().length > LONGEST_NAME) {
            throw unsupported(path, "takes no name of more than %d bytes".formatted(LONGEST_NAME));
        }
        if (path.nameStartsWith(LEFT_OUT)) {
            throw unsupported(path, "leaves out names that begin with lost+found");
        }
        if (treeLength + 1 + path.length() > LONGEST_PATH) {
            throw unsupported(path, "takes no path of that length");
        }
    }

    private static UndockerException unsupported(RootfsPath path, String why) {
        return new UndockerException("%s: this mkfs.erofs %s".formatted(path, why))
                .withHint("version 1.8 of erofs-utils takes it, and so does undocker squashfs");
    }

    @Override
    public void finish() throws IOException {
        Path file = program.scratch().resolve("latest");
        Files.writeString(file, "latest=%d\n".formatted(latest + (nanos > 0 ? 1 : 0)));
        requireTimes(file);
        xattrs.close();
        program.finish();
        limits.tell();
    }

    /// What the tree lies on may have whole seconds, or no late ones.
    private void requireTimes(Path file) throws IOException {
        FileTime time = FileTime.from(Instant.ofEpochSecond(latest, nanos));
        Files.setLastModifiedTime(file, time);
        if (!Files.getLastModifiedTime(file).equals(time)) {
            throw new UndockerException(
                            "%s: no file beside it can have the time %s".formatted(output, time))
                    .withHint("choose a place on another file system for the output");
        }
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
            xattrs.close();
        }
    }
}
