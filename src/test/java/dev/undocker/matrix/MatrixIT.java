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
import java.util.Optional;

/// Container programs of several Debians start the same images, in roots of their own:
/// `src/test/matrix`. What each started stands in `results` below `UNDOCKER_MATRIX`, of which
/// docs/runtimes.md is made; `-Dmatrix.cases=N` says how many images there are.
@Tag("matrix")
class MatrixIT {
    private static final Path MATRIX =
            Path.of(
                    Optional.ofNullable(System.getenv("UNDOCKER_MATRIX"))
                            .orElse("/var/cache/undocker-matrix"));

    @BeforeAll
    static void makeCorpus() throws Exception {
        Requirements.root();
        Requirements.tools("debootstrap", "unshare", "gcc");
        Corpus.make(MATRIX.resolve("cases"), Integer.getInteger("matrix.cases", 200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie", "trixie-backports", "sid"})
    void everythingArrives(String column) throws Exception {
        Path results = Files.createDirectories(MATRIX.resolve("results")).resolve(column + ".tsv");
        Undocker.program(Path.of("src/test/matrix/column").toAbsolutePath(), column, results)
                .succeed();
        assertThat(Files.readAllLines(results))
                .isNotEmpty()
                .allSatisfy(line -> {
                    String[] fields = line.split("\t", -1);
                    assertThat(fields[5]).as(line).isEqualTo(fields[4]);
                });
    }
}
