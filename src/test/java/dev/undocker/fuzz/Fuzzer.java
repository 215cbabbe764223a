package dev.undocker.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where Jazzer begins (<https://github.com/CodeIntelligenceTesting/jazzer>), as `.ci/fuzz` starts
/// it: its `--target_args` is the name of a [FuzzTarget].
public final class Fuzzer {
    private static FuzzTarget target;

    private Fuzzer() {}

    public static void fuzzerInitialize(String[] arguments) {
        target = FuzzTargets.of(arguments[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        target.read(input);
    }

    /// Writes the inputs that are known for a target into a directory, a file each.
    public static void main(String... arguments) throws IOException {
        List<byte[]> inputs = FuzzTargets.of(arguments[0]).inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Files.write(Path.of(arguments[1], "known" + i), inputs.get(i));
        }
    }
}
