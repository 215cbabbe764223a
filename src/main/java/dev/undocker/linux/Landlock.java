package dev.undocker.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Confines what a thread, and those that it starts, may change and read in the file system:
/// landlock(7), `include/uapi/linux/landlock.h`. Owners, modes, times and attributes are none of
/// it, nor what is open already.
///
/// From version 8 on all threads of a process can be held at once. That is not used: one has to
/// stay outside, which sees who lives in a tree ([Confinement#unconfined]), and the virtual
/// machine's own never see an image.
final class Landlock {
    // the same numbers on all architectures
    private static final int CREATE_RULESET = 444;
    private static final int ADD_RULE = 445;
    private static final int RESTRICT_SELF = 446;

    private static final int ASK_VERSION = 1;
    private static final int PATH_BENEATH = 1;

    /// The first that lets names move between directories at all.
    private static final int FIRST_WITH_REFER = 2;

    private static final long WRITE_FILE = 1 << 1;
    private static final long READ_FILE = 1 << 2;
    private static final long READ_DIRECTORY = 1 << 3;

    /// REMOVE_DIR to MAKE_SYM, and REFER.
    private static final long DIRECTORY_CHANGES = 0x3ff << 4;

    private static final long TRUNCATE = 1 << 14;
    private static final int FIRST_WITH_TRUNCATE = 3;
    private static final long IOCTL_DEVICE = 1 << 15;
    private static final int FIRST_WITH_IOCTL = 5;

    private Landlock() {}

    /// What a kernel of some version lets be confined, and what stays allowed.
    ///
    /// @param inFiles what is done with a file, writing and reading
    /// @param reads what of all is reading; none where that is not confined
    private record Rights(long inFiles, long reads) {
        static Rights of(int version, boolean reading) {
            long reads = reading ? READ_FILE | READ_DIRECTORY : 0;
            return new Rights(
                    WRITE_FILE
                            | (reads & READ_FILE)
                            | (version >= FIRST_WITH_TRUNCATE ? TRUNCATE : 0)
                            | (version >= FIRST_WITH_IOCTL ? IOCTL_DEVICE : 0),
                    reads);
        }

        long all() {
            return inFiles | reads | DIRECTORY_CHANGES;
        }

        /// For reading alone.
        long reading(Path path) {
            return Files.isDirectory(path) ? reads : reads & READ_FILE;
        }
    }

    /// Puts it in force.
    ///
    /// @param forGood false only makes it
    /// @return what is in force
    static String restrict(Confinement.Needs needs, boolean forGood) {
        Syscall call = Syscall.ofThread();
        int version;
        try {
            version = (int) call.call(CREATE_RULESET, 0, 0, ASK_VERSION);
        } catch (SystemCallException missing) {
            return "writes anywhere (no Landlock)";
        }
        if (version < FIRST_WITH_REFER) {
            return "writes anywhere (Landlock is too old)";
        }
        Rights rights = Rights.of(version, !needs.programs());
        try {
            restrict(call, rights, needs, forGood);
        } catch (SystemCallException refused) {
            return "writes anywhere (Landlock refuses: %s)".formatted(refused.getMessage());
        }
        return "writes only to the outputs%s%s (Landlock %d)"
                .formatted(
                        needs.directories().stream()
                                .map(" and below %s"::formatted)
                                .collect(Collectors.joining()),
                        needs.programs() ? "" : ", reads only there and of the program's own files",
                        version);
    }

    private static void restrict(
            Syscall call, Rights rights, Confinement.Needs needs, boolean forGood)
            throws SystemCallException {
        SyscallNumbers numbers =
                Objects.requireNonNull(SyscallNumbers.of(System.getProperty("os.arch")));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handled = arena.allocate(8, 8);
            handled.set(ValueLayout.JAVA_LONG, 0, rights.all());
            long ruleset = call.call(CREATE_RULESET, handled.address(), 8, 0);
            try {
                MemorySegment rule = arena.allocate(16, 8);
                for (Map.Entry<Path, Long> place : places(needs, rights).entrySet()) {
                    long opened;
                    try {
                        opened =
                                call.call(
                                        numbers.openat(),
                                        LinuxNode.AT_FDCWD,
                                        call.first(FileName.bytes(place.getKey())),
                                        LinuxDirectory.O_PATH | LinuxDirectory.O_CLOEXEC);
                    } catch (SystemCallException missing) {
                        if (missing.is(Errno.ENOENT, Errno.ENOTDIR, Errno.EACCES, Errno.ELOOP)) {
                            // there is nothing
                            continue;
                        }
                        // a rule that is missing for want of descriptors would forbid the output
                        throw missing;
                    }
                    rule.set(ValueLayout.JAVA_LONG, 0, place.getValue());
                    rule.set(ValueLayout.JAVA_INT, 8, (int) opened);
                    try {
                        call.call(ADD_RULE, ruleset, PATH_BENEATH, rule.address(), 0);
                    } catch (SystemCallException withoutName) {
                        // pipes and the like are always allowed
                    } finally {
                        call.call(numbers.close(), opened, 0);
                    }
                }
                if (forGood) {
                    call.call(RESTRICT_SELF, ruleset, 0);
                }
            } finally {
                call.call(numbers.close(), ruleset, 0);
            }
        }
    }

    /// What may be done where: with each output itself and with what it leads to, in the nearest
    /// directory that is there, and with what is only read.
    private static Map<Path, Long> places(Confinement.Needs needs, Rights rights) {
        Map<Path, Long> places = new LinkedHashMap<>();
        if (rights.reads() != 0) {
            OwnFiles.list().forEach(path -> places.put(path, rights.reading(path)));
            if (needs.connections()) {
                OwnFiles.forConnections().forEach(path -> places.put(path, rights.reading(path)));
            }
            needs.reads().forEach(path -> places.put(path, rights.reading(path)));
        }
        places.put(Path.of("/dev/null"), rights.inFiles());
        needs.directories().forEach(path -> addNearest(places, rights, path.toAbsolutePath()));
        for (Path path : needs.outputs()) {
            Path named = path.toAbsolutePath();
            add(places, rights, named);
            try {
                add(places, rights, named.toRealPath());
            } catch (IOException notThere) {
                addTarget(places, rights, named);
            }
        }
        return places;
    }

    /// A link to what is still to be made.
    private static void addTarget(Map<Path, Long> places, Rights rights, Path link) {
        Path at = link;
        for (int i = 0; i < 40 && Files.isSymbolicLink(at); i++) {
            try {
                at = at.resolveSibling(Files.readSymbolicLink(at));
            } catch (IOException gone) {
                return;
            }
        }
        add(places, rights, at);
    }

    private static void add(Map<Path, Long> places, Rights rights, Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            places.put(path, rights.inFiles());
        }
        Path parent = path.getParent();
        addNearest(places, rights, parent == null ? path : parent);
    }

    private static void addNearest(Map<Path, Long> places, Rights rights, Path wanted) {
        Path directory = wanted;
        while (directory != null && !Files.isDirectory(directory)) {
            directory = directory.getParent();
        }
        if (directory != null) {
            places.put(directory, rights.all());
        }
    }
}
