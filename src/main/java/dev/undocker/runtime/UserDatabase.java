package dev.undocker.runtime;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The image's `/etc/passwd` and `/etc/group` (passwd(5), group(5)). They are as untrusted as the
/// image: only regular files inside the root are read, up to a size; lines that make no sense are
/// passed over.
record UserDatabase(List<User> users, List<Group> groups) {
    private static final int SIZE_LIMIT = 16 << 20;
    private static final long HIGHEST_ID = 0xffff_fffeL;
    private static final String HINT = "choose another user with --user, such as --user 1000:1000";

    record User(String name, long uid, long gid, String home, String shell) {}

    record Group(String name, long gid, List<String> members) {}

    static UserDatabase of(RootfsView rootfs, Warnings warnings) {
        return new UserDatabase(
                lines("etc/passwd", rootfs, warnings)
                        .map(UserDatabase::user)
                        .<User>mapMulti(UserDatabase::present)
                        .toList(),
                lines("etc/group", rootfs, warnings)
                        .map(UserDatabase::group)
                        .<Group>mapMulti(UserDatabase::present)
                        .toList());
    }

    private static <T> void present(
            @Nullable T value, java.util.function.Consumer<? super T> taken) {
        if (value != null) {
            taken.accept(value);
        }
    }

    private static Stream<String> lines(String name, RootfsView rootfs, Warnings warnings) {
        if (!(rootfs.resolve(RootfsPath.of(name)) instanceof Inode.RegularFile file)) {
            return Stream.empty();
        }
        try {
            byte[] bytes = file.content().bytes(SIZE_LIMIT);
            if (bytes == null) {
                warnings.warn("/%s: ignored: larger than %d MiB".formatted(name, SIZE_LIMIT >> 20));
                return Stream.empty();
            }
            return Stream.of(new String(bytes, StandardCharsets.UTF_8).split("\n"));
        } catch (IOException e) {
            throw new UndockerException("/%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static @Nullable User user(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length < 4 || fields[0].isEmpty() || !isId(fields[2]) || !isId(fields[3])) {
            return null;
        }
        String home = fields.length > 5 ? fields[5] : "";
        String shell = fields.length > 6 ? fields[6] : "";
        return new User(
                fields[0],
                id(fields[2]),
                id(fields[3]),
                isSound(home) ? home : "/",
                isSound(shell) ? shell : "/bin/sh");
    }

    private static boolean isSound(String path) {
        return path.startsWith("/") && !ControlCharacters.in(path) && path.indexOf('\ufffd') < 0;
    }

    private static @Nullable Group group(String line) {
        String[] fields = line.split(":", -1);
        if (fields.length < 3 || fields[0].isEmpty() || !isId(fields[2])) {
            return null;
        }
        return new Group(
                fields[0],
                id(fields[2]),
                fields.length > 3 ? List.of(fields[3].split(",")) : List.of());
    }

    private static boolean isId(String text) {
        return text.matches("[0-9]{1,10}") && id(text) <= HIGHEST_ID;
    }

    private static long id(String text) {
        return Long.parseLong(text);
    }

    /// Who `spec` is: `user`, `uid`, `user:group` or any mixture; empty means root (image-spec
    /// `conversion.md`). A number is always an id. Without a group, the user's group in passwd
    /// counts, else 0. Supplementary groups belong to a user that is given by name and without a
    /// group.
    ///
    /// @throws UndockerException when a name is not known in the image
    ProcessUser resolve(String spec) {
        int colon = spec.indexOf(':');
        String who = colon < 0 ? spec : spec.substring(0, colon);
        String group = colon < 0 ? "" : spec.substring(colon + 1);
        boolean numeric = who.isEmpty() || isId(who);
        long wanted = numeric && !who.isEmpty() ? id(who) : 0;
        User user = first(users, numeric ? u -> u.uid() == wanted : u -> u.name().equals(who));
        if (user == null && !numeric) {
            throw new UndockerException(
                    "user %s: not in the image's /etc/passwd".formatted(who), HINT, null);
        }
        long uid = user == null ? wanted : user.uid();
        long gid = group.isEmpty() ? (user == null ? 0 : user.gid()) : gid(group);
        boolean named = !numeric && group.isEmpty();
        List<Long> supplementary =
                named
                        ? groups.stream()
                                .filter(g -> g.members().contains(who) && g.gid() != gid)
                                .map(Group::gid)
                                .distinct()
                                .sorted()
                                .toList()
                        : List.of();
        return new ProcessUser(
                uid,
                gid,
                supplementary,
                user == null ? null : user.name(),
                named,
                user == null ? "/" : user.home());
    }

    private long gid(String text) {
        if (isId(text)) {
            return id(text);
        }
        Group group = first(groups, g -> g.name().equals(text));
        if (group == null) {
            throw new UndockerException(
                    "group %s: not in the image's /etc/group".formatted(text), HINT, null);
        }
        return group.gid();
    }

    private static <T> @Nullable T first(List<T> all, Predicate<T> wanted) {
        for (T one : all) {
            if (wanted.test(one)) {
                return one;
            }
        }
        return null;
    }
}
