package dev.undocker.output.lxc;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.runtime.ContainerPath;
import dev.undocker.runtime.HostileText;
import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Readme;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.SearchPath;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// The whole way: an image becomes a container by undocker and `lxc-create`, and LXC starts it. The
/// program in it writes down what it got.
class LxcIT {
    private static final String REPORT =
            "cat /proc/$$/cmdline > /out/argv; cat /proc/$$/environ > /out/environ;"
                    + " pwd -P > /out/cwd; (id -u; id -g; id -G) > /out/ids; true";
    private static final String ID_MAP =
            "lxc.idmap = u 0 100000 65536\nlxc.idmap = g 0 100000 65536\nlxc.net.0.type = empty\n";

    @TempDir private Path directory;
    private Path containers;

    private Path path;

    @BeforeEach
    void makeContainerPath() throws IOException {
        Requirements.root();
        Requirements.tools("lxc-create", "lxc-start", "lxc-stop", "script", "busybox", "tar", "xz");
        path = SearchPath.withoutIdMapping(directory.resolve("path"));
        // a container's root that is none here has to reach its files
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        containers = Files.createDirectory(directory.resolve("containers"));
        Files.setPosixFilePermissions(containers, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static LayerBuilder busybox() throws IOException {
        byte[] program = Files.readAllBytes(Requirements.tool("busybox"));
        LayerBuilder layer =
                layer().dir("bin/")
                        .file("bin/busybox", new String(program, StandardCharsets.ISO_8859_1))
                        .mode(0755)
                        .dir("out/")
                        .mode(0777)
                        .file("etc/passwd", "root:x:0:0::/root:\nu:x:5:6::/home/u:\n")
                        .file("etc/group", "a:x:20:u\nb:x:10:u\n")
                        .file("report", "#!/bin/sh\n" + REPORT + "\n")
                        .mode(0755);
        for (String applet : List.of("sh", "cat", "id", "true", "sleep")) {
            layer.symlink("bin/" + applet, "busybox");
        }
        return layer;
    }

    private Path archive(ImageBuilder image) throws IOException {
        return image.tag("app:1")
                .docker(ImageBuilder.Dialect.SKOPEO)
                .tar(directory.resolve("image.tar"));
    }

    private static ImageBuilder image() throws IOException {
        return ImageBuilder.image(busybox().toBytes());
    }

    private Undocker.Result run(String program, Object... arguments) throws Exception {
        Undocker.Result result =
                Undocker.program(Requirements.tool(program), arguments).in(directory).run();
        assertThat(result.exitCode()).as(result.errors() + result.text()).isZero();
        return result;
    }

    private Undocker.Result undocker(Object... arguments) throws Exception {
        Undocker.Result result = Undocker.command(arguments).in(directory).run();
        assertThat(result.exitCode()).as(result.errors()).isZero();
        return result;
    }

    private String create(String name, String... options) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("-P", containers, "-n", name));
        arguments.addAll(List.of(options));
        arguments.addAll(List.of("-t", "local", "--"));
        arguments.addAll(List.of("-m", "bundle/meta.tar.xz", "-f", "bundle/rootfs.tar.xz"));
        return run("lxc-create", arguments.toArray()).text();
    }

    /// Runs a container to its program's end.
    private Path start(String name, String network) throws Exception {
        String start =
                "env PATH=%s lxc-start -P %s -n %s -F -s lxc.net.0.type=%s"
                        .formatted(path, containers, name, network);
        Undocker.Result result = run("script", "-qec", start, "/dev/null");
        Path out = containers.resolve(name).resolve("rootfs/out");
        assertThat(out.resolve("ids")).as(result.text()).exists();
        return out;
    }

    private static List<String> nulEnded(Path file) throws IOException {
        String text = Files.readString(file);
        return List.of(text.substring(0, text.length() - 1).split("\0", -1));
    }

    @Test
    void everythingArrives() throws Exception {
        List<String> users = List.of("", "5:6", "u");
        List<String> ids = List.of("0\n0\n0\n", "5\n6\n6\n", "5\n6\n6 10 20\n");
        for (int seed = 0; seed < 24; seed++) {
            HostileText text = new HostileText(seed);
            List<String> command = new ArrayList<>(List.of("sh", "-c", REPORT, "zero"));
            command.addAll(text.words(5));
            List<String> environment =
                    List.of("PATH=/bin", "A=" + text.word(), text.name() + "=" + text.word());
            String workingDirectory = "/" + text.name();
            Path archive =
                    archive(
                            image().config("Entrypoint", command)
                                    .config("Env", environment)
                                    .config("WorkingDir", workingDirectory)
                                    .config("User", users.get(seed % 3)));
            Undocker.Result said = undocker("lxc", "--force", "--level=0", archive, "bundle");
            assertThat(said.errors()).isEmpty();
            String name = "c" + seed;
            boolean userNamespace = seed % 4 == 3;
            Path map = Files.writeString(directory.resolve("map.conf"), ID_MAP);
            create(name, userNamespace ? new String[] {"-f", map.toString()} : new String[0]);
            Path out = start(name, userNamespace ? "empty" : "none");

            assertThat(nulEnded(out.resolve("argv"))).as("seed %d", seed).isEqualTo(command);
            assertThat(nulEnded(out.resolve("environ")))
                    .as("seed %d", seed)
                    .contains("container=lxc")
                    .containsAll(environment);
            assertThat(out.resolve("cwd"))
                    .as("seed %d", seed)
                    .hasContent(ContainerPath.absolute("/", workingDirectory) + "\n");
            assertThat(out.resolve("ids")).hasContent(ids.get(seed % 3));
        }
    }

    @Test
    void createMessageStartsIt() throws Exception {
        undocker("lxc", archive(image().config("Cmd", List.of("/report"))), "bundle");
        String message = create("app-1");
        assertThat(message).contains("lxc-start -n app-1 -F ");
        Path out = start("app-1", "none");
        assertThat(nulEnded(out.resolve("argv"))).containsExactly("/bin/sh", "/report");
    }

    @Test
    void stopSignalArrives() throws Exception {
        String waiting =
                "trap 'echo quit > /out/signal; exit' QUIT; echo > /out/ready;"
                        + " while :; do sleep 0.1; done";
        Path archive =
                archive(
                        image().config("Cmd", List.of("sh", "-c", waiting))
                                .config("Env", List.of("PATH=/bin"))
                                .config("StopSignal", "QUIT"));
        undocker("lxc", "--format=dir", archive, containers);
        run("lxc-start", "-P", containers, "-n", "app-1", "-s", "lxc.net.0.type=none");
        Path out = containers.resolve("app-1/rootfs/out");
        await(() -> Files.exists(out.resolve("ready")));
        run("lxc-stop", "-P", containers, "-n", "app-1", "-t", "20", "--nokill");
        assertThat(out.resolve("signal")).hasContent("quit");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 200 && !condition.getAsBoolean(); i++) {
            Thread.sleep(50);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void directoryKeepsCapabilities() throws Exception {
        Requirements.tool("getfattr");
        LayerBuilder layer =
                busybox()
                        .file("bin/ping", "x")
                        .mode(0755)
                        .xattr("security.capability", "\1\0\0\2\0\40\0\0" + "\0".repeat(12));
        Path archive =
                archive(ImageBuilder.image(layer.toBytes()).config("Cmd", List.of("/report")));
        assertThat(undocker("lxc", "--format=dir", archive, containers).errors()).isEmpty();
        assertThat(
                        run(
                                        "getfattr",
                                        "-n",
                                        "security.capability",
                                        containers.resolve("app-1/rootfs/bin/ping"))
                                .text())
                .contains("security.capability");
        start("app-1", "none");
        assertThat(undocker("lxc", archive, "bundle").errors()).contains("bin/ping");
    }

    @Test
    void shiftedDirectoryRunsInItsUserNamespace() throws Exception {
        Path archive =
                archive(
                        image().config("Cmd", List.of("/report", "a b"))
                                .config("User", "u")
                                .config("WorkingDir", "/new dir"));
        undocker(
                "lxc",
                "--format=dir",
                "--uid-map=0:100000:65536",
                "--gid-map=0:100000:65536",
                archive,
                containers);
        Path out = start("app-1", "empty");
        assertThat(nulEnded(out.resolve("argv"))).containsExactly("/bin/sh", "/report", "a b");
        assertThat(out.resolve("cwd")).hasContent("/new dir\n");
        assertThat(out.resolve("ids")).hasContent("5\n6\n6 10 20\n");
        assertThat(Files.getAttribute(out.resolve("ids"), "unix:uid")).isEqualTo(100_005);
    }

    /// Also when the container gets another name.
    @Test
    void settingsOfTheMachineSurvive() throws Exception {
        Requirements.tool("lxc-copy");
        Path archive =
                archive(image().config("Cmd", List.of("/report")).config("Env", List.of("A=1")));
        undocker("lxc", "--format=dir", "--name=web", archive, containers);
        start("web", "none");
        Files.writeString(
                containers.resolve("web.conf"), "lxc.environment = A=2\nlxc.environment = B=3\n");
        undocker("lxc", "--format=dir", "--name=web", "--force", archive, containers);
        assertThat(nulEnded(start("web", "none").resolve("environ"))).contains("A=2", "B=3");
        run("lxc-copy", "-P", containers, "-n", "web", "-R", "-N", "new");
        assertThat(nulEnded(start("new", "none").resolve("environ"))).contains("A=2", "B=3");
        assertThat(run("lxc-ls", "-P", containers, "-1").text()).isEqualTo("new\n");
    }

    @Test
    void containersFindNames() throws Exception {
        byte[] left = layer().file("etc/hosts", "").file("etc/resolv.conf", "").toBytes();
        String look = "cat /etc/hosts /etc/resolv.conf > /out/names; " + REPORT;
        Path archive =
                archive(
                        ImageBuilder.image(busybox().toBytes(), left)
                                .config("Cmd", List.of("sh", "-c", look))
                                .config("Env", List.of("PATH=/bin")));
        undocker("lxc", archive, "bundle");
        create("unpacked");
        undocker("lxc", "--format=dir", "--name=direct", archive, containers);
        String map = "0:100000:65536";
        undocker(
                "lxc",
                "--format=dir",
                "--name=shifted",
                "--uid-map=" + map,
                "--gid-map=" + map,
                archive,
                containers);
        String resolver = Files.readString(Path.of("/etc/resolv.conf"));
        for (String name : List.of("unpacked", "direct", "shifted")) {
            assertThat(start(name, "empty").resolve("names"))
                    .content()
                    .as(name)
                    .startsWith("127.0.0.1 localhost\n")
                    .endsWith(resolver);
        }
    }

    @Test
    void volumesBelongToTheirOwners() throws Exception {
        LayerBuilder layer =
                busybox()
                        .dir("my data/")
                        .owner(5, 6)
                        .mode(0700)
                        .file(
                                "show",
                                "#!/bin/sh\n"
                                    + "cd '/my data'; echo x > file; busybox stat -c '%a %u:%g' . >"
                                    + " /out/ids; cat file /proc/mounts >> /out/ids; true\n")
                        .mode(0755);
        Path archive =
                archive(
                        ImageBuilder.image(layer.toBytes())
                                .config("Cmd", List.of("/show"))
                                .config("Env", List.of("PATH=/bin"))
                                .config("Volumes", Map.of("/my data", Map.of()))
                                .config("User", "u"));
        undocker("lxc", "--volumes=tmpfs", "--format=dir", archive, containers);
        undocker(
                "lxc",
                "--volumes=tmpfs",
                "--format=dir",
                "--name=shifted",
                "--uid-map=0:100000:65536",
                "--gid-map=0:100000:65536",
                archive,
                containers);
        for (String name : List.of("app-1", "shifted")) {
            Path out = start(name, "empty");
            assertThat(out.resolve("ids"))
                    .content()
                    .startsWith("700 5:6\nx\n")
                    .contains("tmpfs /my\\040data tmpfs");
        }
    }

    /// Without the `lxc` command: a tar, a configuration, and a meta archive made by hand.
    @Test
    void tarAndConfigurationAloneAreEnough() throws Exception {
        Path archive =
                archive(
                        image().config("Entrypoint", List.of("/report"))
                                .config("Cmd", List.of("it's", "#x"))
                                .config("Env", List.of("A= \"b\" ", "PATH=/bin")));
        Path bundle = Files.createDirectory(directory.resolve("bundle"));
        undocker("rootfs", "--dot-prefix", archive, bundle.resolve("rootfs.tar.xz"));
        assertThat(undocker("lxcconfig", archive, bundle.resolve("config")).errors()).isEmpty();
        run("tar", "-C", bundle, "-cJf", bundle.resolve("meta.tar.xz"), "config");
        create("plain");
        Path out = start("plain", "none");
        assertThat(nulEnded(out.resolve("argv")))
                .containsExactly("/bin/sh", "/report", "it's", "#x");
        assertThat(nulEnded(out.resolve("environ"))).contains("A= \"b\" ", "HOME=/root");
        assertThat(Files.list(bundle)).hasSize(3);
    }

    @Test
    void configurationGoesToStandardOutput() throws Exception {
        Path archive = archive(image().config("Cmd", List.of("a b")));
        Undocker.Result result = undocker("lxcconfig", archive, "-");
        assertThat(result.text()).startsWith("lxc.include = ").doesNotContain("lxc.init.cmd");
        assertThat(result.errors()).contains("'a b'");
    }

    @Test
    void terminationLeavesNothing() throws Exception {
        byte[] noise = new byte[48 << 20];
        new SplittableRandom(1).nextBytes(noise);
        LayerBuilder layer =
                busybox().file("noise", new String(noise, StandardCharsets.ISO_8859_1));
        Path archive = archive(ImageBuilder.image(layer.toBytes()));
        Path parent = Files.createDirectory(directory.resolve("parent"));
        for (int milliseconds : List.of(0, 20, 300)) {
            Process process =
                    Undocker.command("lxc", "--level=9", archive, parent.resolve("bundle")).start();
            await(() -> !isEmpty(parent));
            Thread.sleep(milliseconds);
            process.destroy();
            assertThat(process.waitFor()).isEqualTo(143);
            assertThat(parent).as("after %d ms", milliseconds).isEmptyDirectory();
        }
    }

    private static boolean isEmpty(Path directory) {
        try (Stream<Path> names = Files.list(directory)) {
            return names.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As printed, with a stand-in for the image, in another container path and without a network.
    @Test
    void recipesOfReadmeRun() throws Exception {
        String serving =
                "#!/bin/sh\ntrap 'echo quit > /out/signal; exit' QUIT\n"
                        + "echo entrypoint \"$@\" > /out/words\n"
                        + "if [ -e /once ]; then exit; fi; while :; do sleep 0.1; done\n";
        LayerBuilder layer = busybox().file("docker-entrypoint.sh", serving).mode(0755);
        Path archive =
                archive(
                        ImageBuilder.image(layer.toBytes())
                                .config("Entrypoint", List.of("/docker-entrypoint.sh"))
                                .config("Cmd", List.of("nginx", "-g", "daemon off;"))
                                .config("Env", List.of("PATH=/bin"))
                                .config("StopSignal", "SIGQUIT"));
        Path bin = Files.createDirectory(directory.resolve("bin"));
        program(bin, "undocker", "exec %s \"$@\"".formatted(Undocker.launcher()));
        String elsewhere = "exec %s -P " + containers + " \"$@\"%s";
        program(bin, "lxc-create", elsewhere.formatted(Requirements.tool("lxc-create"), ""));
        program(
                bin,
                "lxc-stop",
                "while ! [ -e %s/web/rootfs/out/words ]; do sleep 0.1; done\n".formatted(containers)
                        + elsewhere.formatted(Requirements.tool("lxc-stop"), ""));
        program(
                bin,
                "lxc-start",
                "touch %s/nginx/rootfs/once\n".formatted(containers)
                        + elsewhere.formatted(
                                Requirements.tool("lxc-start"), " -s lxc.net.0.type=none"));
        String directly = Readme.commands("lxc-dir").replace("/var/lib/lxc", containers.toString());
        Path hub = Files.createDirectory(directory.resolve("hub"));
        try (DockerRegistry registry = DockerRegistry.open(hub)) {
            registry.put("docker-archive:" + archive, "library/nginx");
            String conf = registry.standInForHub(hub).toString();
            for (String commands : List.of(Readme.commands("lxc"), directly)) {
                Path script = Files.writeString(directory.resolve("recipe"), commands);
                Undocker.Result result =
                        Undocker.program(
                                        Requirements.tool("script"),
                                        "-qec",
                                        "sh -e " + script,
                                        "/dev/null")
                                .in(directory)
                                .with("PATH", bin + ":" + System.getenv("PATH"))
                                .with("CONTAINERS_REGISTRIES_CONF", conf)
                                .with("XDG_CACHE_HOME", hub.resolve("cache").toString())
                                .run();
                assertThat(result.exitCode()).as(result.text()).isZero();
            }
        }
        assertThat(containers.resolve("nginx/rootfs/out/words"))
                .hasContent("entrypoint nginx -g daemon off;");
        assertThat(containers.resolve("web/rootfs/out/signal")).hasContent("quit");
    }

    private static void program(Path bin, String name, String command) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
