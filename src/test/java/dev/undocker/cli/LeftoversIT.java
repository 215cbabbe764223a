package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.ImageBuilder.Packing;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What a killed run leaves is removed by the next one on the same destination; what a living run
/// writes is not.
@Timeout(180)
class LeftoversIT {
    @TempDir private Path directory;
    private Path out;
    private Path large;
    private Path small;

    static Stream<List<String>> outputs() {
        return Stream.of(
                List.of("rootfs --compress xz --level 9", "new"),
                List.of("lxc", "new"),
                List.of("incus --split", "new"),
                List.of("squashfs --compress xz", "new"));
    }

    @BeforeEach
    void images() throws Exception {
        out = Files.createDirectory(directory.resolve("out"));
        large =
                ImageBuilder.image(LargeLayer.bytes())
                        .packed(Packing.GZIP)
                        .oci()
                        .tar(directory.resolve("large.tar"));
        small = Files.write(directory.resolve("small.tar"), HelloImage.bytes());
    }

    private Undocker command(List<String> output, Path image) {
        return Undocker.command(
                Stream.concat(
                                Stream.of(output.getFirst().split(" ")),
                                Stream.of(image, out.resolve(output.get(1))))
                        .toArray());
    }

    private String growing(Process process) throws Exception {
        while (process.isAlive()) {
            List<String> names = Workplace.names(out);
            if (!names.isEmpty()) {
                return names.getFirst();
            }
            Thread.sleep(5);
        }
        throw new AssertionError("ended too early");
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void aDeadRunsAreRemoved(List<String> output) throws Exception {
        Process process = command(output, large).start();
        String name = growing(process);
        process.destroyForcibly().waitFor();
        assertThat(Workplace.names(out)).containsExactly(name);
        Files.createDirectory(out.resolve(".new.undocker-backup"));
        Files.writeString(out.resolve(".other.undocker-01234567"), "another destination's");
        assertThat(command(output, small).succeed().errors()).doesNotContain("left");
        assertThat(Workplace.names(out))
                .containsExactly(".new.undocker-backup", ".other.undocker-01234567", "new");
    }

    @ParameterizedTest
    @MethodSource("outputs")
    void aLivingRunsStay(List<String> output) throws Exception {
        Process process = command(output, large).start();
        try {
            String name = growing(process);
            command(output, small).succeed();
            assertThat(process.isAlive()).isTrue();
            assertThat(Workplace.names(out)).containsExactly(name, "new");
        } finally {
            process.destroy();
            process.waitFor();
        }
        assertThat(Workplace.names(out)).containsExactly("new");
    }

    /// Outputs are begun there, to see what they cannot carry.
    @Test
    void aDeadInspectionsAreRemoved() throws Exception {
        Process process =
                Undocker.command("inspect", "--outputs", "--temp-dir", out, large).start();
        // a temporary file has a name for a moment, too
        while (trials().isEmpty()) {
            assertThat(process.isAlive()).isTrue();
            Thread.sleep(1);
        }
        process.destroyForcibly().waitFor();
        assertThat(trials()).hasSize(1);
        Undocker.command("inspect", "--outputs", "--temp-dir", out, small).succeed();
        assertThat(trials()).isEmpty();
    }

    /// Of a run that was killed while a temporary file had its name.
    @Test
    void anImageWithoutTemporaryFilesLeavesNoneOfADeadRun() throws Exception {
        Path temporary = Files.createDirectory(directory.resolve("temporary"));
        Files.createFile(temporary.resolve(".undocker-0123456789abcdef.tmp"));
        Files.writeString(temporary.resolve(".undocker-0123456789abcde0.tmp"), "somebody's");
        command(List.of("rootfs --temp-dir " + temporary, "new"), small).succeed();
        assertThat(Workplace.names(temporary)).containsExactly(".undocker-0123456789abcde0.tmp");
    }

    private List<String> trials() throws IOException {
        return Workplace.names(out).stream().filter(name -> name.startsWith(".outputs.")).toList();
    }

    @Test
    void whereSomebodyLivesStays() throws Exception {
        List<String> output = List.of("dir --no-verify", "new");
        Path left = Files.createDirectories(out.resolve(".new.undocker-01234567/in"));
        Process somebody = Undocker.program(Path.of("/bin/sleep"), "1000").in(left).start();
        try {
            assertThat(command(output, small).succeed().errors())
                    .contains(
                            "new: .new.undocker-01234567 is left from a run that was killed: is in"
                                    + " use: process %d (sleep) works there"
                                            .formatted(somebody.pid()));
            assertThat(left).exists();
        } finally {
            somebody.destroyForcibly().waitFor();
        }
        command(List.of("dir --force", "new"), small).succeed();
        assertThat(Workplace.names(out)).containsExactly("new");
    }
}
