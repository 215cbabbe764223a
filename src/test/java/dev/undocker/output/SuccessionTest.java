package dev.undocker.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.linux.DirectoryHandle;
import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.LinuxCalls;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.testing.Requirements;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Volumes whose names are links: what is kept is what a process in the machine finds there.
class SuccessionTest {
    @TempDir private Path directory;
    private Path old;
    private Path next;

    @BeforeEach
    void makeTrees() throws IOException {
        Requirements.require(LinuxCalls.available(), "no system calls: links cannot be read");
        Files.createDirectories(directory.resolve("outside"));
        Files.writeString(directory.resolve("outside/theirs"), "theirs");
        old = Files.createDirectories(directory.resolve("old/rootfs"));
        next = Files.createDirectories(directory.resolve("next/rootfs"));
    }

    /// @param links `NAME>TARGET`, and directories without one; several with `+` between them
    private static void make(Path tree, String links) throws IOException {
        for (String word : links.split("\\+")) {
            String[] parts = word.split(">", 2);
            Path path = tree.resolve(parts[0]);
            Files.createDirectories(path.getParent());
            if (parts.length == 1) {
                Files.createDirectories(path);
            } else {
                Files.createSymbolicLink(path, Path.of(parts[1]));
            }
        }
    }

    private List<String> handOn(String... kept) throws IOException {
        Succession succession =
                new Succession(
                        RootfsPath.of("rootfs"),
                        Stream.of(kept).map(RootfsPath::of).toList(),
                        null);
        FileSystemCalls calls = FileSystemCalls.select();
        try (DirectoryHandle before = calls.openDirectory(old.getParent());
                DirectoryHandle after = calls.openDirectory(next.getParent())) {
            return succession.handOn(before, after).stream().map(RootfsPath::toString).toList();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "data, data, data, data",
        "data>srv/a+srv/a, data>/srv/a+srv/a, data, srv/a",
        "data>one+one>two+two, data>two+two+one, data, two",
        "var/lib>/srv+srv/db, var/lib>../srv+srv/db, var/lib/db, srv/db",
        "data>../../../srv+srv, data>/srv+srv, data, srv",
        "data>../../outside+outside, data>../../outside+outside, data, outside",
    })
    void whatTheNameLeadsToGoesOn(String before, String after, String volume, String place)
            throws IOException {
        make(old, before);
        make(next, after);
        Files.writeString(old.resolve(place).resolve("table"), "rows");
        assertThat(handOn(volume)).containsExactly("rootfs/" + place);
        assertThat(next.resolve(place).resolve("table")).hasContent("rows");
        assertNothingOutside();
    }

    @ParameterizedTest
    @CsvSource({
        "data>a+a, data>b+a+b, /a, /b",
        "data>a+a, data>/b+b, /a, /b",
        "data>a+a, data, /a, /data",
        "data, data>b+b, /data, /b",
        "data>a+a, data>data, /a, nothing",
        "data>data, data, nothing, /data",
        "data>OUT, data, OUT, /data",
        "data>a+a, data>OUT, /a, OUT",
        "data>a+a, data>../../outside, /a, /outside",
        "data>a+a, data>/, /a, /",
    })
    void aNameThatLeadsToTwoPlacesIsRefused(String before, String after, String there, String here)
            throws IOException {
        String outside = directory.resolve("outside").toString();
        make(old, before.replace("OUT", outside));
        make(next, after.replace("OUT", outside));
        try (Stream<Path> paths = Files.list(old)) {
            for (Path path :
                    paths.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                            .toList()) {
                Files.writeString(path.resolve("table"), "rows");
            }
        }
        assertThatThrownBy(() -> handOn("data"))
                .isInstanceOfSatisfying(
                        UndockerException.class,
                        e -> {
                            assertThat(e.sentence())
                                    .isEqualTo(
                                            "/data: cannot be taken over from the replaced tree: it"
                                                    + " leads to %s there, and to %s in the new one"
                                                            .formatted(
                                                                    there.replace("OUT", outside),
                                                                    here.replace("OUT", outside)));
                            assertThat(e.hint()).contains("--drop-volumes");
                        });
        try (Stream<Path> paths = Files.walk(next)) {
            assertThat(paths).noneMatch(path -> path.endsWith("table"));
        }
        assertNothingOutside();
    }

    /// Nobody can tell the volume's files from the image's there.
    @ParameterizedTest
    @ValueSource(strings = {"data>.", "data>/", "x/data>.."})
    void aNameThatLeadsToTheRootIsRefused(String link) throws IOException {
        make(old, link);
        make(next, link);
        assertThatThrownBy(() -> handOn(link.substring(0, link.indexOf('>'))))
                .isInstanceOfSatisfying(
                        UndockerException.class,
                        e -> {
                            assertThat(e.sentence()).contains("it is the root");
                            assertThat(e.hint()).contains("--drop-volumes");
                        });
    }

    /// What the old tree has by the name that the new link leads to is not the volume's.
    @ParameterizedTest
    @CsvSource({"other, data>etc+etc", "data, data>etc+etc", "data>data, data>other+other>data"})
    void whereNothingIsNothingGoesOn(String before, String after) throws IOException {
        make(old, before);
        make(next, after);
        Files.createDirectories(old.resolve("etc"));
        Files.writeString(old.resolve("etc/passwd"), "old");
        assertThat(handOn("data")).isEmpty();
        assertThat(next.resolve("etc/passwd")).doesNotExist();
    }

    /// Two names of one place are handed on once, before anything in it.
    @Test
    void twoNamesOfOnePlace() throws IOException {
        for (Path tree : List.of(old, next)) {
            make(tree, "srv/data/in+data>srv/data+sub>/data/in");
        }
        Files.writeString(old.resolve("srv/data/table"), "rows");
        Files.writeString(next.resolve("srv/data/in/shipped"), "shipped");
        assertThat(handOn("data", "srv/data", "sub")).containsExactly("rootfs/srv/data");
        assertThat(next.resolve("srv/data/table")).hasContent("rows");
        assertThat(next.resolve("srv/data/in/shipped")).hasContent("shipped");
    }

    private void assertNothingOutside() throws IOException {
        try (Stream<Path> paths = Files.list(directory.resolve("outside"))) {
            assertThat(paths).containsExactly(directory.resolve("outside/theirs"));
        }
        assertThat(Files.getAttribute(directory.resolve("outside/theirs"), "unix:nlink"))
                .isEqualTo(1);
    }
}
