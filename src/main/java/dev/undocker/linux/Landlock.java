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

/// Confines what a thread, and those that it starts, may change in the file system: landlock(7),
/// `include/uapi/linux/landlock.h`. Owners, modes, times and attributes are none of it.
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

    /// REMOVE_DIR to MAKE_SYM, and REFER.
    private static final long DIRECTORY_CHANGES = 0x3ff << 4;

    private static final long TRUNCATE = 1 << 14;
    private static final int FIRST_WITH_TRUNCATE = 3;
    private static final long IOCTL_DEVICE = 1 << 15;
    private static final int FIRST_WITH_IOCTL = 5;

    private Landlock() {}

    /// Puts it in force.
    ///
    /// @return what is in force
    static String restrictWrites(Confinement.Needs needs) {
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
        long inFiles =
                WRITE_FILE
                        | (version >= FIRST_WITH_TRUNCATE ? TRUNCATE : 0)
                        | (version >= FIRST_WITH_IOCTL ? IOCTL_DEVICE : 0);
        try {
            restrict(call, inFiles, places(needs));
        } catch (SystemCallException refused) {
            return "writes anywhere (Landlock refuses: %s)".formatted(refused.getMessage());
        }
        return "writes only to the outputs and temporary files (Landlock %d)".formatted(version);
    }

    private static void restrict(Syscall call, long inFiles, Map<Path, Boolean> places)
            throws SystemCallException {
        SyscallNumbers numbers =
                Objects.requireNonNull(SyscallNumbers.of(System.getProperty("os.arch")));
        long all = inFiles | DIRECTORY_CHANGES;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handled = arena.allocate(8, 8);
            handled.set(ValueLayout.JAVA_LONG, 0, all);
            long ruleset = call.call(CREATE_RULESET, handled.address(), 8, 0);
            try {
                MemorySegment rule = arena.allocate(16, 8);
                for (Map.Entry<Path, Boolean> place : places.entrySet()) {
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
                            // nobody could write there
                            continue;
                        }
                        // a rule that is missing for want of descriptors would forbid the output
                        throw missing;
                    }
                    rule.set(ValueLayout.JAVA_LONG, 0, place.getValue() ? all : inFiles);
                    rule.set(ValueLayout.JAVA_INT, 8, (int) opened);
                    try {
                        call.call(ADD_RULE, ruleset, PATH_BENEATH, rule.address(), 0);
                    } catch (SystemCallException withoutName) {
                        // pipes and the like are always allowed
                    } finally {
                        call.call(numbers.close(), opened, 0);
                    }
                }
                call.call(RESTRICT_SELF, ruleset, 0);
            } finally {
                call.call(numbers.close(), ruleset, 0);
            }
        }
    }

    /// What is written to, and whether it is a directory: of each path itself and of what it leads
    /// to, the nearest directory that is there.
    private static Map<Path, Boolean> places(Confinement.Needs needs) {
        Map<Path, Boolean> places = new LinkedHashMap<>();
        places.put(Path.of("/dev/null"), false);
        needs.directories().forEach(path -> addNearest(places, path.toAbsolutePath()));
        for (Path path : needs.outputs()) {
            Path named = path.toAbsolutePath();
            add(places, named);
            try {
                add(places, named.toRealPath());
            } catch (IOException notThere) {
                addTarget(places, named);
            }
        }
        return places;
    }

    /// A link to what is still to be made.
    private static void addTarget(Map<Path, Boolean> places, Path link) {
        Path at = link;
        for (int i = 0; i < 40 && Files.isSymbolicLink(at); i++) {
            try {
                at = at.resolveSibling(Files.readSymbolicLink(at));
            } catch (IOException gone) {
                return;
            }
        }
        add(places, at);
    }

    private static void add(Map<Path, Boolean> places, Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            places.put(path, false);
        }
        Path parent = path.getParent();
        addNearest(places, parent == null ? path : parent);
    }

    private static void addNearest(Map<Path, Boolean> places, Path wanted) {
        Path directory = wanted;
        while (directory != null && !Files.isDirectory(directory)) {
            directory = directory.getParent();
        }
        if (directory != null) {
            places.put(directory, true);
        }
    }
}
