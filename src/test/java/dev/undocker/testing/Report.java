package dev.undocker.testing;

import dev.undocker.runtime.HostileText;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a process in a container was given, as it tells itself on standard output.
///
/// @param environment assignments, in the kernel's order
/// @param directory without links
/// @param ids user, group, then all groups, a line each
public record Report(List<String> argv, List<String> environment, String directory, String ids) {
    /// For a shell with `cat`, `echo` and `id`; `argv[0]` of what follows is `zero`.
    private static final String SCRIPT =
            "cat /proc/$$/cmdline; echo @; cat /proc/$$/environ; echo @; pwd -P; echo @;"
                    + " id -u; id -g; id -G; true";

    /// An entrypoint that reports; the words after it are arguments.
    public static final List<String> ENTRYPOINT = List.of("sh", "-c", SCRIPT, "zero");

    /// Where a process reports to whose standard output nobody has; the image needs the directory,
    /// with mode 0777.
    public static final String FILE = "/out/report";

    private static final String FILE_SCRIPT =
            "(%s) > %2$s.new; busybox mv %2$s.new %2$s; exec sleep 1000".formatted(SCRIPT, FILE);

    /// A program that reports to [#FILE] and stays.
    public static final String PROGRAM = "#!/bin/sh\n" + FILE_SCRIPT + "\n";

    /// Reads what an [#ENTRYPOINT] wrote.
    public static Report parse(String output) {
        String[] parts = output.split("@\n", -1);
        if (parts.length != 4) {
            throw new AssertionError("no report: " + output);
        }
        return new Report(
                nulEnded(parts[0]),
                nulEnded(parts[1]),
                parts[2].substring(0, parts[2].length() - 1),
                parts[3]);
    }

    private static List<String> nulEnded(String text) {
        return List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    /// An image whose only program is the host's busybox; it has the user `web`, 7:8 and in group
    /// 20.
    public static ImageBuilder busyboxImage() throws IOException {
        LayerBuilder layer =
                LayerBuilder.layer()
                        .dir("./")
                        .dir("./bin/")
                        .file("./bin/busybox", program("busybox"))
                        .mode(0755)
                        .dir("./usr/")
                        .dir("./etc/")
                        .file("./etc/passwd", "root:x:0:0::/root:\nweb:x:7:8::/srv:\n")
                        .file("./etc/group", "root:x:0:\nweb:x:8:\nmore:x:20:web\n");
        for (String applet : List.of("sh", "cat", "id", "sleep", "true")) {
            layer.hardLink("./bin/" + applet, "/bin/busybox");
        }
        return ImageBuilder.image(layer.toBytes()).tag("example.org/report:1");
    }

    /// The bytes of a program of this machine, one character each.
    public static String program(String name) throws IOException {
        return new String(Files.readAllBytes(Requirements.tool(name)), StandardCharsets.ISO_8859_1);
    }

    /// Hostile words for everything that an image says of its process; equal seeds give equal ones.
    ///
    /// @param entrypoint what reports
    /// @param cmd what follows the entrypoint
    /// @param environment of different names, `PATH` first
    /// @param directory absolute and normal
    public record Example(
            List<String> entrypoint,
            List<String> cmd,
            Map<String, String> environment,
            String directory,
            String user) {
        public static Example of(long seed) {
            HostileText text = new HostileText(seed);
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put("PATH", "/bin");
            environment.put("A", text.word());
            environment.put(text.name(), text.word());
            List<String> users = List.of("", "7:8", "web");
            return new Example(
                    ENTRYPOINT,
                    text.words(5),
                    environment,
                    "/my " + text.word().replace('/', '_'),
                    users.get((int) (seed % users.size())));
        }

        /// The same, reporting to [#FILE] and staying.
        public Example reportingToFile() {
            return new Example(
                    List.of("sh", "-c", FILE_SCRIPT, "zero"), cmd, environment, directory, user);
        }

        /// The image that says all this.
        public ImageBuilder image(ImageBuilder base) {
            return base.config("Entrypoint", entrypoint)
                    .config("Cmd", cmd)
                    .config("Env", assignments())
                    .config("WorkingDir", directory)
                    .config("User", user);
        }

        public List<String> argv() {
            List<String> argv = new ArrayList<>(entrypoint);
            argv.addAll(cmd);
            return argv;
        }

        public List<String> assignments() {
            return environment.entrySet().stream()
                    .map(entry -> entry.getKey() + "=" + entry.getValue())
                    .toList();
        }

        public String ids() {
            return switch (user) {
                case "7:8" -> "7\n8\n8\n";
                case "web" -> "7\n8\n8 20\n";
                default -> "0\n0\n0\n";
            };
        }
    }
}
