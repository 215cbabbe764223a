package dev.undocker.output.program;

import dev.undocker.ProgramStart;
import dev.undocker.UndockerException;
import dev.undocker.output.Committed;
import dev.undocker.output.Handover;
import dev.undocker.output.OutputRequest;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// A program that makes its file of a tree: the directory `tree` beside the output, which tar(1)
/// unpacks there under fakeroot(1), so that whoever runs it sees the owners, modes and device nodes
/// of the image. Extended attributes are not in it: fakeroot takes a file for which tar sets some
/// for one of no kind.
///
/// Not thread-safe, but for [#close()].
public final class TreeProgram implements Closeable {
    /// What is needed beside the program.
    public static final List<Program> PROGRAMS =
            List.of(new Program("fakeroot", "fakeroot"), new Program("tar", "tar"));

    /// Puts the directory, which becomes the current one, and the file where the script finds them.
    private static final String BEGINNING =
            """
            set -e
            cd "$1"
            : > begun
            file=$2
            shift 2
            tar -x -p --numeric-owner -C tree
            """;

    private static final long PATIENCE_NANOS = 5_000_000_000L;

    private final ScratchDirectory scratch;
    private final ProgramSink program;

    /// Inodes without what the tree goes without, by identity.
    private final Map<Inode, Inode> bare = new IdentityHashMap<>();

    private TreeProgram(ScratchDirectory scratch, ProgramSink program) {
        this.scratch = scratch;
        this.program = program;
    }

    /// @param name of the program, for messages
    /// @param script for sh(1), which ends at the first failure: it works in the directory beside
    ///   `tree`, has to write `$file`, and begins once the tree is complete
    /// @param arguments of the script
    /// @throws UndockerException when the directory or the file cannot be made
    public static TreeProgram open(
            String name, String script, List<String> arguments, OutputRequest request) {
        try {
            ProgramStart.requireDescriptors("%s: %s".formatted(request.destination(), name));
            return Handover.of(
                    ScratchDirectory.beside(request.destination(), request.events()),
                    scratch -> {
                        scratch.makeDirectory("tree");
                        return new TreeProgram(
                                scratch,
                                ProgramSink.open(
                                        name,
                                        file -> command(name, script, scratch, file, arguments),
                                        Map.of(),
                                        FormatLimits.NONE,
                                        0,
                                        request));
                    });
        } catch (IOException e) {
            throw UndockerException.because(request.destination(), e);
        }
    }

    private static List<String> command(
            String name,
            String script,
            ScratchDirectory scratch,
            Path file,
            List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of("fakeroot", "/bin/sh", "-c", BEGINNING + script, name));
        command.add(scratch.resolve(".").toString());
        command.add(file.toString());
        command.addAll(arguments);
        return command;
    }

    /// Where the script works. What is put there before [#finish()] it finds.
    public ScratchDirectory scratch() {
        return scratch;
    }

    /// Puts the entry into the tree, without its extended attributes.
    public void accept(RootfsEntry entry) throws IOException {
        program.accept(
                switch (entry) {
                    case RootfsEntry.Node(RootfsPath path, Inode inode) ->
                            new RootfsEntry.Node(path, bare(inode));
                    case RootfsEntry.HardLink(RootfsPath path, RootfsPath target, Inode inode) ->
                            new RootfsEntry.HardLink(path, target, bare(inode));
                });
    }

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

    /// Completes the tree and waits for the script.
    public void finish() throws IOException {
        program.finish();
    }

    /// Gives the file its name.
    public Committed commit() {
        return program.commit();
    }

    /// Brings the file to the disk.
    public void sync() {
        program.sync();
    }

    /// The program goes first, which works in the directory. Until the script has begun, fakeroot
    /// starts its daemon, and would leave that behind.
    @Override
    public void close() throws IOException {
        try (scratch;
                program) {
            awaitBegin();
        }
    }

    private void awaitBegin() {
        long end = System.nanoTime() + PATIENCE_NANOS;
        try {
            while (program.isRunning()
                    && !Files.exists(scratch.resolve("begun"))
                    && System.nanoTime() < end) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
