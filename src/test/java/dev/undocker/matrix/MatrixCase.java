package dev.undocker.matrix;

import static dev.undocker.testing.LayerBuilder.layer;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.runtime.HostileText;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.LayerBuilder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One image of the corpus, and what its program has to be given. Equal seeds give equal ones.
///
/// Even seeds have words of one line, which some configurations can hold; odd ones words of every
/// kind, which need the launcher. All text is UTF-8, as JSON has it; names of files are any bytes.
///
/// @param argv the entrypoint and what follows it
/// @param environment of different names, `PATH` first
/// @param directory absolute and normal
/// @param stopSignal as the image says it
/// @param below names of directories below `/run`, `/tmp` and `/var/lib`, one character a byte
record MatrixCase(
        long seed,
        List<String> argv,
        Map<String, String> environment,
        String directory,
        Account account,
        String stopSignal,
        List<String> below) {
    /// What a program of any name finds itself by.
    private static final String ODD_PROGRAM = "opt/it's \"a\" probe";

    private static final List<String> ONE_LINE =
            List.of(
                    " ",
                    "  ",
                    "'",
                    "\"",
                    "\\",
                    "\\n",
                    "\\\"",
                    "$HOME",
                    "${A}",
                    "%n",
                    "%%",
                    "#",
                    ";",
                    "=",
                    "a",
                    "b c",
                    "é",
                    "\ud83d\ude00",
                    "*",
                    "`id`",
                    "{}",
                    "-",
                    "--",
                    "!",
                    "~",
                    "&",
                    "|",
                    "<",
                    "(",
                    ":",
                    ",",
                    "/..",
                    "[Exec]",
                    "Boot=yes");

    /// Their numbers by what an image says.
    private static final Map<String, Integer> SIGNALS =
            Map.of(
                    "SIGTERM",
                    15,
                    "SIGQUIT",
                    3,
                    "SIGINT",
                    2,
                    "USR1",
                    10,
                    "SIGHUP",
                    1,
                    "37",
                    37,
                    "SIGRTMIN+3",
                    37);

    /// A user of the image as images name them, and what that makes of a process.
    ///
    /// @param ids user, group, further groups
    record Account(String user, String ids, String home) {
        private static final List<Account> ALL =
                List.of(
                        new Account("", "0 0", "/root"),
                        new Account("7:8", "7 8", "/srv"),
                        new Account("web", "7 8 20", "/srv"),
                        new Account("web:more", "7 20", "/srv"),
                        new Account("7", "7 8", "/srv"),
                        new Account("web:20", "7 20", "/srv"),
                        new Account("1234:5678", "1234 5678", "/"),
                        new Account("4000000", "4000000 0", "/"),
                        new Account("many", "9 10 20" + numbers(" "), "/home/many"),
                        new Account("root", "0 0", "/root"));

        private static String numbers(String separator) {
            return IntStream.range(100, 130)
                    .mapToObj(gid -> separator + gid)
                    .collect(Collectors.joining());
        }
    }

    static MatrixCase of(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        HostileText hostile = new HostileText(seed);
        boolean oneLine = seed % 2 == 0;
        List<String> argv = new ArrayList<>();
        argv.add(
                List.of("/bin/probe", "probe", "/" + ODD_PROGRAM, "/bin/../bin/probe")
                        .get(random.nextInt(4)));
        if (oneLine) {
            IntStream.range(0, random.nextInt(7)).forEach(i -> argv.add(words(random, 0)));
        } else {
            argv.addAll(hostile.words(6));
        }
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("PATH", "/bin:/usr/bin");
        environment.put("A", oneLine ? words(random, 0) : hostile.word());
        environment.put(
                oneLine ? "B_" + random.nextInt(10) : hostile.name(),
                oneLine ? words(random, 0) : hostile.word());
        String name = oneLine ? words(random, 1) : hostile.name();
        String directory =
                switch (random.nextInt(4)) {
                    case 0 -> "/";
                    case 1 -> "/tmp/work";
                    case 2 -> "/my " + name.replace('/', '_');
                    default -> "/srv/" + "deep/".repeat(random.nextInt(9)) + "here";
                };
        List<String> below =
                IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> fileName(random, oneLine ? "" : hostile.word()))
                        .distinct()
                        .toList();
        return new MatrixCase(
                seed,
                argv,
                environment,
                directory,
                Account.ALL.get((int) (seed / 2 % Account.ALL.size())),
                SIGNALS.keySet().stream().sorted().toList().get((int) (seed % SIGNALS.size())),
                below);
    }

    private static String words(SplittableRandom random, int least) {
        return random.ints(random.nextInt(least, 5), 0, ONE_LINE.size())
                .mapToObj(ONE_LINE::get)
                .collect(Collectors.joining());
    }

    /// Bytes that are no UTF-8 now and then.
    private static String fileName(SplittableRandom random, String text) {
        String bytes = new String(text.getBytes(UTF_8), ISO_8859_1).replace('/', '_');
        return "n" + random.nextInt(100) + (random.nextBoolean() ? "\u00ff" : "") + bytes;
    }

    /// True when systemd takes the names of variables and users for a bundle.
    boolean plain() {
        return seed % 2 == 0;
    }

    /// True when every id of the process is one of the 65,536 of a usual user namespace.
    boolean ranged() {
        return Arrays.stream(account.ids().split(" "))
                        .mapToInt(Integer::parseInt)
                        .max()
                        .orElseThrow()
                < 65_536;
    }

    ImageBuilder image(byte[] probe) {
        LayerBuilder program =
                layer().dir("./")
                        .dir("./bin/")
                        .file("./bin/probe", new String(probe, ISO_8859_1))
                        .mode(0755)
                        .dir("./opt/")
                        .hardLink("./" + ODD_PROGRAM, "./bin/probe")
                        .dir("./out/")
                        .mode(0777)
                        .dir("./usr/")
                        .dir("./etc/")
                        .file(
                                "./etc/passwd",
                                "root:x:0:0::/root:\nweb:x:7:8::/srv:\nmany:x:9:10::/home/many:\n")
                        .file(
                                "./etc/group",
                                "root:x:0:\nweb:x:8:\nmore:x:20:web,many\n"
                                        + IntStream.range(100, 130)
                                                .mapToObj("g%1$d:x:%1$d:many\n"::formatted)
                                                .collect(Collectors.joining()));
        LayerBuilder content =
                layer().dir("run/")
                        .dir("run/postgresql/")
                        .owner(999, 999)
                        .mode(02775)
                        .file("run/postgresql/.s.lock", "")
                        .owner(999, 999)
                        .dir("tmp/")
                        .mode(01777)
                        .file("tmp/left", "x")
                        .dir("dev/")
                        .dir("dev/mine/")
                        .charDevice("dev/sda", 8, 0)
                        .dir("srv/")
                        .dir("srv/data/")
                        .owner(7, 8)
                        .mode(0750)
                        .dir("var/")
                        .dir("var/lib/");
        for (String name : below) {
            for (String parent : PARENTS) {
                content.dir(parent + name + "/").owner(7, 20).mode(0711);
            }
        }
        return ImageBuilder.image(program.toBytes(), content.toBytes())
                .tag("example.org/case:" + seed)
                .config("Entrypoint", List.of(argv.getFirst()))
                .config("Cmd", argv.subList(1, argv.size()))
                .config("Env", assignments().toList())
                .config("WorkingDir", directory)
                .config("User", account.user())
                .config("StopSignal", stopSignal)
                .config("Volumes", Map.of("/srv/data", Map.of(), "/var/lib/my data", Map.of()));
    }

    /// The same image, whose program waits for a signal once it has reported.
    static ImageBuilder waiting(ImageBuilder image) {
        List<byte[]> layers = new ArrayList<>(image.layers());
        layers.add(layer().file("wait", "").toBytes());
        return new ImageBuilder(
                layers, image.tags(), image.platform(), image.packing(), image.config());
    }

    private static final List<String> PARENTS = List.of("run/", "tmp/", "var/lib/");

    private Stream<String> assignments() {
        return environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue());
    }

    /// Leaves what the probe has to report, a file for each of its own.
    void expect(Path directory) throws IOException {
        Files.write(directory.resolve("argv"), nulEnded(argv.stream(), UTF_8));
        Files.write(
                directory.resolve("environ"),
                nulEnded(Stream.concat(assignments(), Stream.of("HOME=" + account.home())), UTF_8));
        Files.writeString(directory.resolve("cwd"), this.directory);
        Files.writeString(directory.resolve("ids"), account.ids() + "\n");
        Files.writeString(directory.resolve("signal"), SIGNALS.get(stopSignal) + "\n");
        Stream<String> own =
                Stream.of(
                        "d 2775 999:999 /run/postgresql",
                        "d 750 7:8 /srv/data",
                        "d 755 0:0 /var/lib/my data");
        Stream<String> named =
                below.stream()
                        .flatMap(name -> PARENTS.stream().map(p -> "d 711 7:20 /" + p + name));
        Files.write(directory.resolve("dirs"), nulEnded(Stream.concat(own, named), ISO_8859_1));
    }

    private static byte[] nulEnded(Stream<String> items, java.nio.charset.Charset charset) {
        return items.map(item -> item + "\0").collect(Collectors.joining()).getBytes(charset);
    }
}
