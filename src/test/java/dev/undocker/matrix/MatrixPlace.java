package dev.undocker.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Undocker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The directory in which the matrix keeps roots, cases and results between runs, or another one
/// for a run of its own.
record MatrixPlace(Path directory) {
    private static final Path SCRIPTS = Path.of("src/test/matrix").toAbsolutePath();

    /// The one that `UNDOCKER_MATRIX` names.
    static MatrixPlace ofMachine() {
        return new MatrixPlace(
                Path.of(
                        Optional.ofNullable(System.getenv("UNDOCKER_MATRIX"))
                                .orElse("/var/cache/undocker-matrix")));
    }

    Path of(String name) {
        return directory.resolve(name);
    }

    static Path script(String name) {
        return SCRIPTS.resolve(name);
    }

    /// Where a run of this name leaves its result lines.
    Path results(String run) throws Exception {
        return Files.createDirectories(of("results")).resolve(run + ".tsv");
    }

    /// Where nothing is yet that a run of this name leaves.
    Path output(String run) throws Exception {
        Path output = Files.createDirectories(of("output")).resolve(run);
        Undocker.program(Path.of("/bin/rm"), "-rf", output).succeed();
        return output;
    }

    /// Runs a script of the matrix to its end, however long that takes.
    ///
    /// @param run what it is called: messages are in `results/RUN.log`
    /// @return what it prints, which stands in `results/RUN.tsv` as well
    Path run(String run, String script, Object... words) throws Exception {
        Path lines = results(run);
        Path log = lines.resolveSibling(run + ".log");
        List<String> command = Undocker.program(script(script), words).command();
        ProcessBuilder process = new ProcessBuilder(command);
        process.environment().put("UNDOCKER_MATRIX", directory.toString());
        int exitCode =
                process.redirectOutput(lines.toFile())
                        .redirectError(log.toFile())
                        .start()
                        .waitFor();
        assertThat(exitCode).as("%s: see %s", command, log).isZero();
        return lines;
    }
}
