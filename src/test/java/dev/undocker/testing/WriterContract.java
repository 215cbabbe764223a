package dev.undocker.testing;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import dev.undocker.UndockerException;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.RootfsEntry;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What every writer promises, whatever it writes. A writer's test implements this interface; the
/// tests come with it.
///
/// ```java
/// class DirectoryWriterTest implements WriterContract { … }
/// ```
public interface WriterContract {
    /// The writer under test.
    OutputWriter writer();

    /// All that was written to `destination`, as text that differs when the output does.
    String read(Path destination) throws Exception;

    /// The destination argument for an output below this empty directory.
    default Path destination(Path directory) {
        return directory.resolve("output");
    }

    /// One entry of every kind, odd names and all metadata included.
    static LayerBuilder everything() {
        return layer().dir("./")
                .mode(0711)
                .owner(7, 8)
                .mtime(9)
                .dir("dir/")
                .mode(01777)
                .owner(1, 2)
                .mtime(3, 4)
                .xattr("user.dir", "d")
                .file("dir/file", "content")
                .mode(04755)
                .owner(1000, 100)
                .mtime(1_700_000_000, 123_456_789)
                .xattr("user.binary", "a\0b\n=c")
                .hardLink("dir/link", "dir/file")
                .hardLink("another", "dir/file")
                .file("dir/empty", "")
                .file("dir/large", "0123456789".repeat(100_000))
                .symlink("absolute", "/dir/file")
                .symlink("dangling", "../../nowhere")
                .owner(5, 6)
                .mtime(7)
                .hardLink("dangling-link", "dangling")
                .charDevice("char", 1, 3)
                .mode(0666)
                .blockDevice("block", 7, 300)
                .mode(0660)
                .owner(0, 6)
                .fifo("fifo")
                .mode(0600)
                .sparse(
                        LayerBuilder.SparseForm.PAX_1_0,
                        "sparse",
                        100_000,
                        new LayerBuilder.Piece(50_000, "data"))
                .file("n".repeat(255), "")
                .file("long".repeat(30) + "/" + "er".repeat(60) + "/file", "x")
                .symlink("to-long", "long".repeat(30) + "/" + "er".repeat(60) + "/file")
                .file("not-utf8-\u00ff\u00fe", "x")
                .file("new\nline \\ 'quote' \"", "x")
                .file("-option", "")
                .file("before-1970", "")
                .mtime(-10, 500_000_000);
    }

    @Test
    @DisplayName("nothing stands at the destination before the commit")
    default void nothingBeforeCommit(@TempDir Path directory) throws Exception {
        Path destination = destination(directory);
        try (Flatten flatten = Flatten.of(everything());
                RootfsSink sink = flatten.open(writer().newSettings(), destination.toString())) {
            for (RootfsEntry entry : flatten.entries()) {
                sink.accept(entry);
                assertThat(Files.exists(destination)).isFalse();
            }
            sink.finish();
            assertThat(Files.exists(destination)).isFalse();
            sink.commit();
            assertThat(Files.exists(destination)).isTrue();
        }
        assertThat(Files.exists(destination)).isTrue();
        assertThat(names(directory)).containsExactly(destination.getFileName().toString());
    }

    @Test
    @DisplayName("closing without a commit leaves nothing")
    default void nothingWithoutCommit(@TempDir Path directory) throws Exception {
        String destination = destination(directory).toString();
        try (Flatten flatten = Flatten.of(everything())) {
            List<RootfsEntry> entries = flatten.entries();
            for (int count : new int[] {0, 1, entries.size() / 2, entries.size()}) {
                try (RootfsSink sink = flatten.open(writer().newSettings(), destination)) {
                    for (RootfsEntry entry : entries.subList(0, count)) {
                        sink.accept(entry);
                    }
                    if (count == entries.size()) {
                        sink.finish();
                    }
                    sink.close();
                    assertThat(names(directory)).as("after %d entries", count).isEmpty();
                }
                assertThat(names(directory)).as("closed twice").isEmpty();
            }
        }
    }

    @Test
    @DisplayName("an earlier output stays as it was until the commit")
    default void earlierOutputStays(@TempDir Path directory) throws Exception {
        Path destination = destination(directory);
        try (Flatten flatten = Flatten.of(layer().file("earlier", "x"))) {
            flatten.write(writer().newSettings(), destination.toString());
        }
        String earlier = read(destination);
        try (Flatten flatten = Flatten.of(everything());
                RootfsSink sink = flatten.open(writer().newSettings(), destination.toString())) {
            for (RootfsEntry entry : flatten.entries()) {
                sink.accept(entry);
            }
            sink.finish();
        } catch (UndockerException e) {
            // a writer may refuse to replace an output; it has to leave it alone all the same
            assertThat(e.sentence()).contains(destination.toString());
        }
        assertThat(read(destination)).isEqualTo(earlier);
        assertThat(names(directory)).containsExactly(destination.getFileName().toString());
    }

    @Test
    @DisplayName("the same root file system gives the same output")
    default void sameInputSameOutput(@TempDir Path first, @TempDir Path second) throws Exception {
        String one = written(first, everything());
        String two = written(second, everything());
        assertThat(two).isEqualTo(one);
    }

    @Test
    @DisplayName("what differs in the root file system differs in the output")
    default void nothingIsLost(@TempDir Path directory) throws Exception {
        String all = written(Files.createDirectory(directory.resolve("all")), everything());
        List<LayerBuilder> others =
                List.of(
                        everything().file("more", ""),
                        everything().file("dir/empty", "x"),
                        everything().dir("dir").mode(0700),
                        everything().fifo("fifo").mode(0640),
                        everything().symlink("dangling", "elsewhere"));
        assertAll(
                Stream.iterate(0, i -> i + 1)
                        .limit(others.size())
                        .map(i ->
                                () ->
                                        assertThat(
                                                        written(
                                                                Files.createDirectory(
                                                                        directory.resolve(
                                                                                "other" + i)),
                                                                others.get(i)))
                                                .isNotEqualTo(all)));
    }

    @Test
    @DisplayName("a root file system without a single entry is an output too")
    default void emptyRoot(@TempDir Path directory) throws Exception {
        assertThat(written(directory, layer())).isNotNull();
    }

    private String written(Path directory, LayerBuilder layer) throws Exception {
        Path destination = destination(directory);
        try (Flatten flatten = Flatten.of(layer)) {
            flatten.write(writer().newSettings(), destination.toString());
        }
        return read(destination);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
