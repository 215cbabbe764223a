package dev.undocker.cli;

import static dev.undocker.testing.ImageBuilder.image;
import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A command line that is tried under bad conditions, a [Place] for each time, and what is promised
/// of it then: under the final name is what was there before or the complete output, the latter
/// when the exit code is 0, and the next run leaves nothing else.
///
/// @param well runs command lines under good conditions
/// @param before what is in a place's `out`: an older output, or nothing
/// @param complete what is there after success
record Trial(
        String line, CommandLineServer well, boolean replaces, Snapshot before, Snapshot complete) {
    private static final byte[] IMAGE =
            image(
                            layer().dir("etc/")
                                    .file("etc/passwd", "root:x:0:0:root:/:\n")
                                    .file("etc/setuid", "x")
                                    .mode(04755)
                                    .owner(7, 8)
                                    .hardLink("etc/link", "etc/passwd")
                                    .symlink("etc/symlink", "passwd")
                                    .file("large", "0123456789".repeat(30_000))
                                    .mtime(5, 6)
                                    .toBytes(),
                            layer().whiteout("etc/symlink").toBytes())
                    .packed(Packing.GZIP)
                    .oci()
                    .tar();

    private static final byte[] OLDER =
            image(layer().file("older", "older").toBytes())
                    .config("Cmd", List.of("older"))
                    .oci()
                    .tar();

    /// What there is for one run.
    record Place(Path path) {
        Path image() {
            return path.resolve("image.tar");
        }

        Path older() {
            return path.resolve("older.tar");
        }

        Path out() {
            return path.resolve("out");
        }

        Path temporary() {
            return path.resolve("tmp");
        }

        /// @param leftovers whether what the next run removes is shown
        Snapshot snapshot(boolean leftovers) throws IOException {
            return Snapshot.of(out(), path, leftovers);
        }

        /// The words of a command line of [EveryWriter].
        Object[] arguments(String line, Object image) {
            return EveryWriter.arguments(line + " --temp-dir " + temporary(), image, out());
        }

        void remove() throws IOException {
            Snapshot.clear(path);
            Files.delete(path);
        }
    }

    /// @param replaces whether there is an older output
    /// @param model a directory that is made and removed again
    static Trial of(String line, CommandLineServer well, boolean replaces, Path model)
            throws IOException {
        Place place = make(model);
        Snapshot before = place.snapshot(true);
        if (replaces) {
            assertThat(well.run(place.arguments(line, place.older())).exitCode()).isZero();
            before = place.snapshot(true);
        }
        Undocker.Result result = well.run(place.arguments(line, place.image()));
        assertThat(result.exitCode()).as(result.errors()).isZero();
        Snapshot complete = place.snapshot(true);
        place.remove();
        assertThat(complete).isNotEqualTo(before);
        return new Trial(line, well, replaces, before, complete);
    }

    private static Place make(Path path) throws IOException {
        Place place = new Place(Files.createDirectory(path));
        Files.createDirectory(place.out());
        Files.createDirectory(place.temporary());
        Files.write(place.image(), IMAGE);
        Files.write(place.older(), OLDER);
        return place;
    }

    /// A place where the command line was not run yet.
    Place place(Path path) throws IOException {
        Place place = make(path);
        if (replaces) {
            assertThat(well.run(place.arguments(line, place.older())).exitCode()).isZero();
        }
        return place;
    }

    /// What of the promise was not kept; the empty string when all was. Runs the command line
    /// again, under good conditions.
    ///
    /// @param result of the run under bad conditions
    /// @param ended whether the run ended in the midst of it: an output of several names may have
    ///   taken some of them
    String broken(Place place, Undocker.Result result, boolean ended) throws IOException {
        StringBuilder broken = new StringBuilder();
        Snapshot after = place.snapshot(false);
        boolean kept =
                result.exitCode() == 0
                        ? after.equals(complete)
                        : ended
                                ? after.isMixOf(before, complete)
                                : after.equals(before) || after.equals(complete);
        if (!kept) {
            broken.append("incomplete:\n").append(after.against(complete));
        }
        if (result.errors().contains("internal error") || result.errors().contains("Exception")) {
            broken.append("no sentence for users\n");
        }
        Undocker.Result next = well.run(place.arguments(line, place.image()));
        Snapshot then = place.snapshot(true);
        if (next.exitCode() != 0) {
            broken.append("then failed: ").append(next.errors());
        } else if (!then.equals(complete)) {
            broken.append("then left:\n").append(then.against(complete));
        }
        if (!Workplace.names(place.temporary()).isEmpty()) {
            broken.append("then left: ").append(Workplace.names(place.temporary())).append("\n");
        }
        return broken.isEmpty()
                ? ""
                : "%s: exit code %d: %s%s"
                        .formatted(line, result.exitCode(), result.errors(), broken);
    }
}
