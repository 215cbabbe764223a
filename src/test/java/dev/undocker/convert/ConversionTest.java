package dev.undocker.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.content.TemporaryFiles;
import dev.undocker.image.Image;
import dev.undocker.image.ImageConfig;
import dev.undocker.image.Platform;
import dev.undocker.output.Committed;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcConfigWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.rootfs.RootfsEntry;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// Several outputs take their names together or not at all.
@Timeout(60)
class ConversionTest {
    private static final Action NONE = () -> {};

    @TempDir private Path directory;
    private final List<Output> outputs = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Path place;
    private Path doomed;

    @BeforeEach
    void makePlaces() throws IOException {
        place = Files.createDirectory(directory.resolve("place"));
        doomed = Files.createDirectory(directory.resolve("doomed"));
    }

    private interface Action {
        void act() throws IOException;
    }

    private void output(OutputWriter writer, Path destination, String... options) {
        OutputWriter.Settings settings = writer.newSettings();
        CommandOptions.read(settings::declare, options);
        settings.validate(destination.toString());
        outputs.add(new Output(settings, destination.toString()));
    }

    /// Something that happens when all outputs are written and none has its name.
    private void beforeTheCommits(Action action) {
        outputs.add(new Output(new Interference(action, NONE, NONE), ""));
    }

    /// Something that happens between the commits of the outputs before and after it.
    private void betweenTheCommits(Action action) {
        outputs.add(new Output(new Interference(NONE, action, NONE), ""));
    }

    private record Interference(Action finishing, Action committing, Action closing)
            implements OutputWriter.Settings, RootfsSink {
        @Override
        public void declare(Options options) {}

        @Override
        public void validate(String destination) {}

        @Override
        public RootfsSink open(OutputRequest request) {
            return this;
        }

        @Override
        public void accept(RootfsEntry entry) {}

        @Override
        public void finish() throws IOException {
            finishing.act();
        }

        @Override
        public Committed commit() throws IOException {
            committing.act();
            return Committed.FOR_GOOD;
        }

        @Override
        public void sync() {}

        @Override
        public void close() throws IOException {
            closing.act();
        }
    }

    private Conversion conversion() {
        ImageConfig config =
                new ImageConfig(
                        Platform.parse("linux/amd64"),
                        null,
                        null,
                        new ImageConfig.Process(
                                List.of(), List.of("/bin/sh"), List.of(), "", "", null),
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of());
        ConversionOptions options =
                new ConversionOptions(
                        new TemporaryFiles(directory),
                        true,
                        true,
                        2,
                        new PathFilter(List.of(), List.of()),
                        OptionalLong.empty());
        return new Conversion(
                new Image("test", null, config, new byte[0], null, List.of(), () -> {}),
                options,
                outputs,
                warnings::add);
    }

    private void convert() throws IOException {
        try (Conversion conversion = conversion()) {
            conversion.run();
        }
    }

    /// One more output, whose directory is no longer there when it is to take its name.
    private void assertTheLastFails() throws IOException {
        output(new RootfsWriter(), doomed.resolve("last.tar"));
        beforeTheCommits(() -> Files.move(doomed, directory.resolve("moved")));
        assertThatThrownBy(this::convert)
                .isInstanceOf(UndockerException.class)
                .hasMessage(doomed.resolve("last.tar") + ": no such file or directory");
    }

    /// What is in [#place], by name: contents of files, and modes.
    private SortedMap<String, String> content() throws IOException {
        SortedMap<String, String> content = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(place)) {
            for (Path path : walk.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                content.put(
                        place.relativize(path).toString(),
                        Files.isDirectory(path)
                                ? mode
                                : mode + " " + Files.readString(path, ISO_8859_1));
            }
        }
        return content;
    }

    private void allKinds() throws IOException {
        Path machines = place.resolve("machines");
        Path containers = place.resolve("containers");
        if (!Files.exists(machines)) {
            Files.createDirectory(machines);
            Files.createDirectory(containers);
        }
        String trusted = "--trusted-settings=" + place.resolve("trusted.nspawn");
        output(new RootfsWriter(), place.resolve("a.tar"));
        output(new DirectoryWriter(), place.resolve("tree"), "--force");
        output(new NspawnWriter(), machines, "--name=m", "--force", trusted);
        output(new NspawnWriter(), place.resolve("machine"), "--name=m");
        output(new LxcWriter(), place.resolve("lxc"), "--force");
        output(new LxcWriter(), containers, "--format=dir", "--name=c", "--force");
        output(new LxcConfigWriter(), place.resolve("config"));
        output(new IncusWriter(), place.resolve("incus.tar"));
        output(new IncusWriter(), place.resolve("split"), "--split", "--force");
        output(new BundleWriter(), place.resolve("bundle"), "--force");
    }

    @Test
    void allAppear() throws IOException {
        allKinds();
        convert();
        assertThat(content())
                .containsKeys(
                        "a.tar",
                        "tree",
                        "machines/m",
                        "machines/m.nspawn",
                        "trusted.nspawn",
                        "machine/m",
                        "machine/m.nspawn",
                        "lxc/rootfs.tar.xz",
                        "containers/c/rootfs",
                        "config",
                        "incus.tar",
                        "split/metadata.tar.xz",
                        "bundle/config.json");
        assertThat(content().keySet()).noneMatch(name -> name.contains(".undocker-"));
    }

    @Test
    void newOnesDisappear() throws IOException {
        allKinds();
        assertTheLastFails();
        assertThat(content()).containsOnlyKeys("", "machines", "containers");
        assertThat(warnings).noneMatch(warning -> warning.contains("taken back"));
    }

    @Test
    void oldOnesComeBack() throws IOException {
        for (String name : List.of("tree", "machines/m", "lxc", "containers/c", "bundle")) {
            Files.createDirectories(place.resolve(name));
            Files.writeString(place.resolve(name).resolve("old"), "old in " + name);
        }
        for (String name :
                List.of("a.tar", "trusted.nspawn", "machines/m.nspawn", "config", "incus.tar")) {
            Files.writeString(place.resolve(name), "old " + name);
        }
        Files.setPosixFilePermissions(
                Files.createDirectory(place.resolve("split")),
                PosixFilePermissions.fromString("rwx--x---"));
        SortedMap<String, String> before = content();
        Object inode = Files.getAttribute(place.resolve("a.tar"), "unix:ino");
        allKinds();
        assertTheLastFails();
        assertThat(content()).isEqualTo(before);
        assertThat(Files.getAttribute(place.resolve("a.tar"), "unix:ino")).isEqualTo(inode);
        assertThat(warnings).noneMatch(warning -> warning.contains("taken back"));
    }

    @Test
    void oldOnesGoWhenAllHaveTheirNames() throws IOException {
        Files.writeString(place.resolve("a.tar"), "old");
        Files.createDirectory(place.resolve("tree"));
        Files.writeString(place.resolve("tree/old"), "old");
        output(new RootfsWriter(), place.resolve("a.tar"));
        output(new DirectoryWriter(), place.resolve("tree"), "--force");
        convert();
        assertThat(content()).containsOnlyKeys("", "a.tar", "tree");
        assertThat(Files.size(place.resolve("a.tar"))).isGreaterThan(3);
    }

    @Test
    void whatCannotComeBackIsSaidAndKept() throws IOException {
        Files.writeString(place.resolve("a.tar"), "old");
        output(new RootfsWriter(), place.resolve("a.tar"));
        betweenTheCommits(() -> {
            Files.delete(place.resolve("a.tar"));
            Files.createDirectory(place.resolve("a.tar"));
        });
        assertTheLastFails();
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith(place.resolve("a.tar") + ": cannot be taken back")
                .contains(".a.tar.undocker-");
        assertThat(content()).containsValue("rw-r--r-- old");
    }

    /// One output that cannot be cleaned up is no reason to leave another.
    @Test
    void allAreClosed() {
        Action failure =
                () -> {
                    throw new IOException("no");
                };
        outputs.add(new Output(new Interference(failure, NONE, failure), ""));
        output(new RootfsWriter(), place.resolve("a.tar"));
        outputs.add(new Output(new Interference(NONE, NONE, failure), ""));
        assertThatThrownBy(this::convert).hasMessage("the output: cannot be written: no");
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void afterTheCommitNothingFailsAnyMore() throws IOException {
        output(new RootfsWriter(), place.resolve("a.tar"));
        outputs.add(
                new Output(
                        new Interference(
                                NONE,
                                NONE,
                                () -> {
                                    throw new IOException("a slow disk");
                                }),
                        ""));
        convert();
        assertThat(content()).containsOnlyKeys("", "a.tar");
        assertThat(warnings).containsExactly("cannot close the outputs: a slow disk");
    }

    @Test
    void aSignalBeforeTheCommitsLeavesNothing() throws IOException {
        output(new RootfsWriter(), place.resolve("a.tar"));
        output(new DirectoryWriter(), place.resolve("tree"));
        AtomicReference<Conversion> running = new AtomicReference<>();
        beforeTheCommits(() -> running.get().close());
        try (Conversion conversion = conversion()) {
            running.set(conversion);
            assertThatThrownBy(conversion::run).isInstanceOf(UndockerException.class);
        }
        assertThat(place).isEmptyDirectory();
    }

    /// It finds all or nothing.
    @Test
    void aSignalBetweenTheCommitsWaitsForTheRest() throws Exception {
        AtomicReference<Conversion> running = new AtomicReference<>();
        Thread signal = new Thread(() -> running.get().close());
        output(new RootfsWriter(), place.resolve("a.tar"));
        betweenTheCommits(() -> {
            signal.start();
            while (signal.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
        });
        output(new RootfsWriter(), place.resolve("b.tar"));
        running.set(conversion());
        running.get().run();
        signal.join();
        assertThat(content()).containsOnlyKeys("", "a.tar", "b.tar");
    }
}
