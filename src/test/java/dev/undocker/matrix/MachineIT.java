package dev.undocker.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.cli.CommandLineRun;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What needs an init, or control groups of version 2 alone, starts the images of the matrix in
/// machines of its own: `src/test/matrix/machine`. `-Dmatrix.emulated=true` has qemu emulate them,
/// `-Dmatrix.machine.cases=N` says how many images there are.
@Tag("matrix")
class MachineIT {
    private static final MatrixPlace PLACE = MatrixPlace.ofMachine();
    private static final Path INPUT = PLACE.of("input");

    @BeforeAll
    static void makeInput() throws Exception {
        Requirements.root();
        Requirements.tools("debootstrap", "unshare", "systemd-nspawn", "gcc");
        Corpus.make(INPUT.resolve("cases"), Integer.getInteger("matrix.machine.cases", 24));
        for (Path place : cases()) {
            undocker(
                    new IncusWriter(),
                    "incus",
                    "--split",
                    "--level=0",
                    place.resolve("image.tar"),
                    place.resolve("split"));
        }
        for (String script : List.of("jobs", "machine-jobs")) {
            Undocker.program(Path.of("/bin/cp"), MatrixPlace.script(script), INPUT).succeed();
        }
    }

    private static List<Path> cases() throws IOException {
        try (Stream<Path> all = Files.list(INPUT.resolve("cases"))) {
            return all.filter(Files::isDirectory).sorted().toList();
        }
    }

    private static void undocker(OutputWriter writer, Object... words) {
        Undocker.Result result = CommandLineRun.with(List.of(writer), words);
        assertThat(result.exitCode()).as(result.errors()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "bookworm, machined",
        "trixie, incus machined importctl",
        "trixie-backports, incus",
        "sid, lxc nspawn crun machined importctl docker",
    })
    void everythingArrives(String column, String programs) throws Exception {
        String run = column + ".machine";
        Path output = PLACE.output(run);
        Files.writeString(
                INPUT.resolve("job"),
                "bash /input/machine-jobs %s %s\n".formatted(column, programs));
        String how = Boolean.getBoolean("matrix.emulated") ? "--emulated" : "--booted";
        PLACE.run(run, "machine", how, column, INPUT, output);
        List<ResultLine> results = new ArrayList<>(ResultLine.read(output.resolve("results")));
        if (programs.contains("docker")) {
            for (String line : Files.readAllLines(output.resolve("saved"))) {
                results.add(saved(column, line, output));
            }
        }
        ResultLine.write(PLACE.results(run), results);
        assertThat(results).isNotEmpty().allMatch(ResultLine::isExact);
    }

    /// Of what Docker saved, how many give the bytes of the image that it had loaded.
    private static ResultLine saved(String column, String line, Path output) throws Exception {
        String[] fields = line.split("\t", -1);
        int same = 0;
        List<Path> cases = cases();
        for (Path place : cases) {
            Path file = output.resolve(fields[3]).resolve(place.getFileName() + ".tar");
            Path rootfs = output.resolve("rootfs.tar");
            if (Files.exists(file)) {
                undocker(new RootfsWriter(), "rootfs", file, rootfs);
                same += Files.mismatch(rootfs, place.resolve("rootfs.tar")) == -1 ? 1 : 0;
            }
        }
        return new ResultLine(column, fields[0], fields[1], fields[2], cases.size(), same, "");
    }
}
