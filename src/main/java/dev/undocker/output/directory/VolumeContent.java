package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.PathKind;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.PathWalk;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a volume that an image declares (image-spec `config.md`, `Volumes`) holds in a tree that is
/// to be replaced. A database keeps its files there, and nobody else has them.
final class VolumeContent {
    private final Path tree;
    private final RootfsView rootfs;

    private VolumeContent(Path tree, RootfsView rootfs) {
        this.tree = tree;
        this.rootfs = rootfs;
    }

    /// @param tree the root of the file system that is to be replaced; may be missing
    /// @param request whose image declares the volumes
    /// @throws UndockerException when a volume holds what the image does not bring itself
    static void spare(Path tree, OutputRequest request) {
        VolumeContent content = new VolumeContent(tree, request.rootfs());
        Volumes volumes =
                Volumes.of(
                        request.image().config(),
                        new VolumePolicy.Directory(),
                        request.rootfs(),
                        _ -> {});
        for (RootfsPath declared : volumes.declared()) {
            content.own(declared)
                    .ifPresent(file -> {
                        throw new UndockerException(
                                        "%s: volume /%s has content of its own: %s"
                                                .formatted(request.destination(), declared, file))
                                .withHint(
                                        "keep it somewhere else, or let it go with"
                                                + " --drop-volumes");
                    });
        }
    }

    /// The first file of a volume that the image has not, or not with this size and time.
    ///
    /// @param declared may lead somewhere else, to the root too
    private Optional<RootfsPath> own(RootfsPath declared) {
        RootfsPath volume = PathWalk.to(declared, rootfs::lookup).directory();
        if (volume == null) {
            return Optional.empty();
        }
        Path directory =
                volume.isRoot() ? tree : tree.resolve(FileSystemCalls.path(volume.toBytes()));
        try {
            // a link in the tree may lead out of it
            if (PathKind.behind(directory) != PathKind.DIRECTORY
                    || !directory.toRealPath().equals(directory)) {
                return Optional.empty();
            }
            Search search = new Search(directory, volume);
            Files.walkFileTree(directory, search);
            return Optional.ofNullable(search.found);
        } catch (IOException e) {
            throw UndockerException.because(directory.toString(), e);
        }
    }

    private final class Search extends SimpleFileVisitor<Path> {
        private final Path directory;
        private final RootfsPath volume;
        private @Nullable RootfsPath found;

        Search(Path directory, RootfsPath volume) {
            this.directory = directory;
            this.volume = volume;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            RootfsPath path = path(file);
            if (isBrought(path, attributes)) {
                return FileVisitResult.CONTINUE;
            }
            found = path;
            return FileVisitResult.TERMINATE;
        }

        /// Who knows what it holds.
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException reason) {
            found = path(file);
            return FileVisitResult.TERMINATE;
        }

        private RootfsPath path(Path file) {
            RootfsPath path = volume;
            for (Path name : directory.relativize(file)) {
                path = path.resolve(FileSystemCalls.name(name));
            }
            return path;
        }

        private boolean isBrought(RootfsPath path, BasicFileAttributes attributes) {
            return switch (rootfs.lookup(path)) {
                case Inode.RegularFile file ->
                        attributes.isRegularFile()
                                && attributes.size() == file.content().size()
                                && attributes.lastModifiedTime().to(TimeUnit.SECONDS)
                                        == file.metadata().mtimeSeconds();
                case Inode.Symlink link -> attributes.isSymbolicLink();
                case Inode.CharacterDevice device -> attributes.isOther();
                case Inode.BlockDevice device -> attributes.isOther();
                case Inode.Fifo fifo -> attributes.isOther();
                case Inode.Directory directory -> false;
                case null -> false;
            };
        }
    }
}
