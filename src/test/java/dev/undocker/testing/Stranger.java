package dev.undocker.testing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Somebody without rights, who has no account, runs the program in a directory of theirs. Needs
/// root, to become them.
///
/// @param home the directory, called `user`; a copy of the program stands beside it as `program`,
///   because they may not be able to read where it was built
/// @param become what makes their process of root's
public record Stranger(Path home, List<String> become) {
    /// Their user and their group.
    public static final int ID = 54321;

    /// Makes the two directories in this one, which everybody has to be able to search.
    public static Stranger in(Path directory) throws IOException, InterruptedException {
        Requirements.root();
        Requirements.tools("setpriv", "unshare");
        Path home = directory.resolve("user");
        shell(
                "mkdir '%1$s' && chown %2$d:%2$d '%1$s' && cp -a '%3$s' '%4$s' && chmod -R a+rX '%4$s'"
                        .formatted(home, ID, Undocker.home(), directory.resolve("program")));
        return new Stranger(
                home,
                List.of(
                        Requirements.tool("setpriv").toString(),
                        "--reuid=" + ID,
                        "--regid=" + ID,
                        "--clear-groups"));
    }

    private static void shell(String script) throws IOException, InterruptedException {
        Undocker.program(Path.of("/bin/sh"), "-c", script).succeed();
    }

    /// The same as root of a user name space that has no other user, as by `unshare -U -r`.
    public Stranger inUserNamespace() throws IOException, InterruptedException {
        Undocker.Result result = program("unshare", "-U", "-r", "true").run();
        Requirements.require(result.exitCode() == 0, "needs user name spaces");
        return new Stranger(
                home, Stream.concat(become.stream(), Stream.of("unshare", "-U", "-r")).toList());
    }

    /// The built program.
    public Undocker command(Object... arguments) {
        return program(home.resolveSibling("program/bin/undocker"), arguments);
    }

    /// Any program, found on `PATH`.
    public Undocker program(Object program, Object... arguments) {
        Object[] words =
                Stream.of(become.stream().skip(1), Stream.of(program), Stream.of(arguments))
                        .flatMap(part -> part)
                        .toArray();
        return Undocker.program(Path.of(become.getFirst()), words).in(home);
    }
}
