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
        List<String> results = run(column, "jobs");
        assertThat(results)
                .isNotEmpty()
                .allSatisfy(line -> {
                    String[] fields = line.split("\t", -1);
                    assertThat(fields[5]).as(line).isEqualTo(fields[4]);
                });
    }

    /// Whatever wrote the image of a case: its root file system is the same.
    @ParameterizedTest
    @ValueSource(strings = {"bookworm", "trixie", "trixie-backports", "sid"})
    void everyWriterGivesTheSameBytes(String column) throws Exception {
        byte[] expected = Files.readAllBytes(MATRIX.resolve("cases/0001/rootfs.tar"));
        Path output = output(column, "sources");
        List<String> results = new ArrayList<>();
        for (String line : run(column, "sources")) {
            String[] fields = line.split("\t", -1);
            Undocker.Result result = Undocker.command("rootfs", fields[3], "-").in(output).run();
            boolean exact = Arrays.equals(result.output(), expected);
            String note = fields[4] + result.errors().strip();
            results.add(
                    String.join(
                            "\t",
                            column,
                            fields[0],
                            fields[1],
                            fields[2],
                            "1",
                            exact ? "1" : "0",
                            note));
        }
        Files.write(MATRIX.resolve("results/" + column + ".sources.tsv"), results);
        assertThat(results)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.split("\t", -1)[5]).as(line).isEqualTo("1"));
    }

    private static Path output(String column, String script) {
        return MATRIX.resolve("output").resolve(column + "." + script);
    }

    /// @return what the script says on standard output, which is left in `results` as well
    private static List<String> run(String column, String script) throws Exception {
        Path results = Files.createDirectories(MATRIX.resolve("results"));
        Path lines = results.resolve(column + "." + script + ".tsv");
        Path output = output(column, script);
        Undocker.program(Path.of("/bin/rm"), "-rf", output).succeed();
        int exitCode =
                new ProcessBuilder("src/test/matrix/column", column, output.toString(), script)
                        .redirectOutput(lines.toFile())
                        .redirectError(results.resolve(column + "." + script + ".log").toFile())
                        .start()
                        .waitFor();
        assertThat(exitCode).as("%s %s", column, script).isZero();
        return Files.readAllLines(lines);
    }
}
