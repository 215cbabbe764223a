package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.undocker.output.OutputWriter;
import dev.undocker.output.WriterRegistry;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.source.ImageSources;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.Model.CommandSpec;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;

/// Which subcommands there are.
class CommandRegistryTest {
    private static final ImageSources SOURCES = new ImageSources(List.of());

    /// A command that nobody may ask for the options of.
    private record Named(String name) implements Command {
        @Override
        public String summary() {
            return "Do " + name;
        }

        @Override
        public CommandSpec spec(Console console) {
            throw new AssertionError("not asked for");
        }
    }

    private static CommandRegistry registry(List<OutputWriter> writers, String... names) {
        return new CommandRegistry(
                Arrays.stream(names).<Command>map(Named::new).toList(),
                new WriterRegistry(writers),
                SOURCES);
    }

    @Test
    void writersComeFirst() {
        assertThat(registry(List.of(new RootfsWriter()), "b", "a").commands())
                .extracting(Command::name)
                .containsExactly("rootfs", "a", "b");
    }

    @Test
    void twoOfOneNameAreRefused() {
        assertThatThrownBy(() -> registry(List.of(new RootfsWriter()), "rootfs"))
                .hasMessageContaining("two commands are called rootfs")
                .hasMessageContaining("WriterCommand")
                .hasMessageContaining("Named");
    }

    /// Options take time to declare.
    @Test
    void onlyTheCommandThatIsAskedForDeclaresItsOptions() {
        var output = new ByteArrayOutputStream();
        int exitCode =
                new UndockerCommandLine(
                                registry(List.of(new RootfsWriter()), "other"),
                                new Console(output, output, -1),
                                "rootfs",
                                "--help")
                        .execute();
        assertThat(exitCode).isZero();
        assertThat(output.toString(UTF_8)).contains("--platform");
    }
}
