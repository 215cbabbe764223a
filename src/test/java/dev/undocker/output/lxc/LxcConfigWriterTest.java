package dev.undocker.output.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Image;
import dev.undocker.output.OutputRequest;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.runtime.Example;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class LxcConfigWriterTest implements WriterContract {
    @TempDir private Path directory;
    private final Example example = new Example();

    @Override
    public OutputWriter writer() {
        return new LxcConfigWriter();
    }

    @Override
    public String read(Path destination) throws IOException {
        return Files.readString(destination);
    }

    /// Of the files only those that name users and programs matter.
    @Override
    public void nothingIsLost(Path unused) {}

    private String write(String... options) throws IOException {
        OutputWriter.Settings settings = new LxcConfigWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        Path out = directory.resolve("config");
        settings.validate(out.toString());
        Image image =
                new Image("x", null, example.config(), new byte[0], null, List.of(), () -> {});
        OutputRequest request =
                new OutputRequest(
                        out.toString(),
                        image,
                        example.rootfs,
                        new OutputRequest.Totals(0, 0),
                        1,
                        false,
                        example.warnings::add);
        try (RootfsSink sink = settings.open(request)) {
            sink.finish();
            assertThat(out).doesNotExist();
            sink.commit();
        }
        return Files.readString(out);
    }

    @Test
    void configurationIsWrittenWithTheUsersWishes() throws IOException {
        example.cmd = List.of("-g", "daemon off;");
        assertThat(write("--cmd", "-v", "--env", "A=b c", "--stop-signal", "quit"))
                .contains("lxc.init.cmd = /bin/app -v\n")
                .contains("lxc.environment = \"A=b c\"\n")
                .contains("lxc.signal.halt = SIGQUIT\n");
        assertThat(example.warnings).isEmpty();
    }

    @Test
    void whatItCannotHoldIsLeftOutAndSaid() throws IOException {
        example.cmd = List.of("-g", "daemon off;");
        example.workingDir = "/missing";
        assertThat(write("--lxc-version=5"))
                .doesNotContain("lxc.init.cmd")
                .doesNotContain("undocker");
        assertThat(example.warnings).hasSize(2);
        assertThat(example.warnings).anyMatch(w -> w.contains("'daemon off;'"));
        assertThat(example.warnings).anyMatch(w -> w.startsWith("working directory /missing: "));
    }

    @Test
    void lxc6CanQuote() throws IOException {
        example.cmd = List.of("-g", "daemon off;");
        assertThat(write("--lxc-version=6"))
                .contains("lxc.init.cmd = '/bin/app -g \"daemon off;\"'\n");
        assertThatThrownBy(() -> write("--lxc-version=4"))
                .isInstanceOfSatisfying(
                        UndockerException.class, e -> assertThat(e.isUsage()).isTrue());
    }
}
