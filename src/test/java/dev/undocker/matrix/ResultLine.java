package dev.undocker.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// How many cases of one way to start or to write something were exact: a line of the matrix, as
/// `src/test/matrix/jobs` prints it and `src/test/matrix/table` reads it.
///
/// @param note what was wrong with the first case that was not exact
record ResultLine(
        String column,
        String program,
        String version,
        String what,
        int cases,
        int exact,
        String note) {
    private static ResultLine of(String line) {
        String[] fields = line.split("\t", 7);
        return new ResultLine(
                fields[0],
                fields[1],
                fields[2],
                fields[3],
                Integer.parseInt(fields[4]),
                Integer.parseInt(fields[5]),
                fields[6]);
    }

    static List<ResultLine> read(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(ResultLine::of).toList();
    }

    static void write(Path file, List<ResultLine> lines) throws IOException {
        Files.write(file, lines.stream().map(ResultLine::toString).toList());
    }

    boolean isExact() {
        return cases > 0 && exact == cases;
    }

    @Override
    public String toString() {
        return String.join(
                "\t",
                column,
                program,
                version,
                what,
                Integer.toString(cases),
                Integer.toString(exact),
                note);
    }
}
