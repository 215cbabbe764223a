package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.HelloImage;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;

/// Every argument is the program's: what it runs on, a virtual machine or the runtime of a native
/// executable, takes none for an option of its own.
class ArgumentsIT {
    @TempDir private Path directory;

    @BeforeEach
    void writeImage() throws Exception {
        Files.write(directory.resolve("hello.tar"), HelloImage.bytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Dfoo=bar",
                "-D",
                "-Xmx5x",
                "-Xmx64m",
                "-Xint",
                "-XX:+PrintGC",
                "-XX:MaxHeapSize=1m",
                "-XX:Nonsense"
            })
    void optionOfJavaIsNoneOfOurs(String option) throws Exception {
        Undocker.Result result =
                Undocker.command("rootfs", option, "hello.tar", "out.tar").in(directory).run();

        assertThat(result.errors()).startsWith("undocker: " + option + ": no such option\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.text()).isEmpty();
        assertThat(directory.resolve("out.tar")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Dx=1", "-Xmx64m=", "-XX:+PrintGC=1"})
    void optionOfJavaIsAValue(String value) throws Exception {
        Undocker.command("lxcconfig", "--env", value, "hello.tar", "out.config")
                .in(directory)
                .succeed();

        assertThat(directory.resolve("out.config"))
                .content()
                .contains("lxc.environment = \"" + value + "\"\n");
    }

    @Test
    void optionOfJavaIsAFile() throws Exception {
        Undocker.command("rootfs", "--", "hello.tar", "-Xmx1m").in(directory).succeed();

        assertThat(directory.resolve("-Xmx1m")).isNotEmptyFile();
    }
}
