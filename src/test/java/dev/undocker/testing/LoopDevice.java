package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system of its own in a file, whose power can be cut. Needs the rights of the super-user.
public final class LoopDevice implements AutoCloseable {
    /// `EXT4_IOC_SHUTDOWN` with `EXT4_GOING_FLAGS_NOLOGFLUSH`, and the same numbers for
    /// `XFS_IOC_GOINGDOWN`: what is not on the disk is lost.
    private static final long SHUTDOWN = 0x8004587dL;

    private static final int WITHOUT_FLUSH = 2;

    private final Path image;
    private final Path mount;
    private final String options;

    private LoopDevice(Path image, Path mount, String options) {
        this.image = image;
        this.mount = mount;
        this.options = options;
    }

    /// An ext4 of `megabytes`, mounted.
    public static LoopDevice ext4(Path directory, int megabytes) throws Exception {
        return of("ext4", directory, megabytes);
    }

    /// A new file system, mounted.
    ///
    /// @param type `ext4`, `btrfs`, which needs 110 megabytes, or `xfs`, which needs 300
    public static LoopDevice of(String type, Path directory, int megabytes) throws Exception {
        Requirements.root();
        Requirements.tools("mkfs." + type, "mount", "umount");
        Requirements.require(
                Files.readString(Path.of("/proc/filesystems")).contains("\t" + type + "\n"),
                "needs a kernel with " + type);
        Path image = directory.resolve(type + ".img");
        try (var file = new java.io.RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        run("mkfs." + type, "-q", image);
        LoopDevice device =
                new LoopDevice(
                        image,
                        Files.createDirectory(directory.resolve("mount")),
                        // the copy of a disk has the same identifier
                        type.equals("xfs") ? "loop,nouuid" : "loop");
        device.mount();
        return device;
    }

    public Path mount() throws Exception {
        run("mount", "-o", options, image, mount);
        return mount;
    }

    public Path path() {
        return mount;
    }

    /// The disk as a file, all of it only while it is not mounted.
    public Path image() {
        return image;
    }

    public void unmount() throws Exception {
        run("umount", mount);
    }

    /// Cuts the power, and brings the machine up again.
    public void cutPower() throws Exception {
        shutDown();
        restart();
    }

    /// Brings the machine up again, with a copy of the disk: another mount namespace may keep the
    /// file system that was shut down. Nobody may have a file open on it.
    public void restart() throws Exception {
        run("umount", mount);
        Path old = image.resolveSibling("old.img");
        Files.move(image, old);
        run("cp", "--sparse=always", old, image);
        Files.delete(old);
        mount();
    }

    /// Cuts the power: nothing reaches the disk any more, and all that is asked of it fails.
    @SuppressWarnings("restricted")
    public void shutDown() throws Exception {
        Linker linker = Linker.nativeLinker();
        MethodHandle open =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("open"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                        Linker.Option.firstVariadicArg(2));
        MethodHandle ioctl =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("ioctl"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_INT,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.ADDRESS),
                        Linker.Option.firstVariadicArg(2));
        MethodHandle close =
                linker.downcallHandle(
                        linker.defaultLookup().findOrThrow("close"),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) open.invokeExact(arena.allocateFrom(mount.toString()), 0);
            MemorySegment how = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_FLUSH);
            int result = (int) ioctl.invokeExact(descriptor, SHUTDOWN, how);
            int closed = (int) close.invokeExact(descriptor);
            Requirements.require(
                    result == 0 && closed == 0,
                    "needs a kernel whose file systems can be shut down");
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Object program, Object... arguments) throws Exception {
        Undocker.program(Requirements.tool(program.toString()), arguments).succeed();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        assertThat(Undocker.program(Requirements.tool("umount"), mount).run().exitCode()).isZero();
    }
}
