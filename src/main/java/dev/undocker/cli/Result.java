package dev.undocker.cli;

import dev.undocker.ByteCount;
import dev.undocker.convert.Output;
import dev.undocker.output.FileDestination;
import dev.undocker.output.Made;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What the user reads when an output is there: `made WHAT, HOW LARGE, in HOW LONG; next: COMMAND`.
///
/// @param bytes how large it is
record Result(Made made, long bytes) {
    private static final double SECOND = 1e9;

    /// Those of outputs that somebody can go on with. What went to an open file or a device is
    /// where the user sent it.
    ///
    /// @param contentBytes how much the files of a tree hold
    static List<Result> of(List<Output> outputs, String imageName, long contentBytes) {
        List<Result> results = new ArrayList<>();
        for (Output output : outputs) {
            String destination = output.destination();
            if (!FileDestination.isOpenFile(destination)) {
                Made made = output.settings().made(destination, imageName);
                if (Files.isRegularFile(made.place()) || Files.isDirectory(made.place())) {
                    long bytes = made.files().isEmpty() ? contentBytes : sum(made.files());
                    results.add(new Result(made, bytes));
                }
            }
        }
        return results;
    }

    private static long sum(List<Path> files) {
        long sum = 0;
        for (Path file : files) {
            // somebody may have taken it away
            sum += file.toFile().length();
        }
        return sum;
    }

    void tell(Console console) {
        double seconds = console.nanos() / SECOND;
        String time =
                seconds < 9.95
                        ? String.format(Locale.ROOT, "%.1f s", seconds)
                        : PhaseText.duration(console.nanos());
        console.made(
                "made %s, %s, in %s".formatted(made.place(), ByteCount.format(bytes), time),
                made.next());
    }
}
