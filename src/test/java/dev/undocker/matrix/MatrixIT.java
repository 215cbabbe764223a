package dev.undocker.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Container programs of several Debians start the same images, in roots of their own:
/// `src/test/matrix`. What each started stands in `results` below `UNDOCKER_MATRIX`, of which
/// docs/runtimes.md is made; `-Dmatrix.cases=N` says how many images there are.
@Tag("matrix")
class MatrixIT {
    private static final MatrixPlace PLACE = MatrixPlace.ofMachine();

    @BeforeAll
    static void makeCorpus() throws Exception {
        Requirements.root();
        Requirements.tools("debootstrap", "unshare", "gcc");
        Corpus.make(PLACE.of("cases"), Integer.getInteger("matrix.cases", 200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie", "trixie-backports", "sid"})
    void everythingArrives(String column) throws Exception {
        String run = column + ".jobs";
        List<ResultLine> results =
                ResultLine.read(PLACE.run(run, "column", column, PLACE.output(run), "jobs"));
        assertThat(results)
                .allMatch(ResultLine::isExact)
                .extracting(ResultLine::program)
                .contains("LXC", "systemd-nspawn", "runc", "crun");
    }

    /// Whatever wrote the image of a case: its root file system is the same.
    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie", "trixie-backports", "sid"})
    void everyWriterGivesTheSameBytes(String column) throws Exception {
        byte[] expected = Files.readAllBytes(PLACE.of("cases/0001/rootfs.tar"));
        String run = column + ".sources";
        Path output = PLACE.output(run);
        Path written = PLACE.run(run, "column", column, output, "sources");
        List<ResultLine> results = new ArrayList<>();
        for (String line : Files.readAllLines(written)) {
            String[] fields = line.split("\t", -1);
            Undocker.Result result = Undocker.command("rootfs", fields[3], "-").in(output).run();
            boolean exact = Arrays.equals(result.output(), expected);
            String note = fields[4] + result.errors().strip();
            results.add(
                    new ResultLine(
                            column, fields[0], fields[1], fields[2], 1, exact ? 1 : 0, note));
        }
        ResultLine.write(written, results);
        assertThat(results)
                .allMatch(ResultLine::isExact)
                .extracting(ResultLine::program)
                .contains("skopeo", "podman", "buildah", "umoci");
    }
}
