package dev.undocker.output.directory;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.RootfsSink;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.oci.ProcessJson;
import dev.undocker.testing.Flatten;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What `rootfs` and `dir` leave out, in a file beside them.
class ProcessFileTest {
    @TempDir private Path directory;

    private static OutputWriter.Settings settings(OutputWriter writer, Path file) {
        OutputWriter.Settings settings = writer.newSettings();
        CommandOptions.read(settings::declare, "--process-file", file.toString());
        return settings;
    }

    @Test
    void wordsAreThoseOfTheConfig() {
        Example example = new Example();
        example.entrypoint = List.of("/bin/app", "a\nb");
        example.cmd = List.of("");
        example.env = List.of("A=\u007f\"");
        example.user = "web:5";
        example.workingDir = "/srv";
        example.stopSignal = "SIGQUIT";
        example.ports = List.of("80/tcp");
        example.volumes = List.of("/data");
        example.labels.putAll(Map.of("k", "v"));
        assertThat(new String(ProcessJson.of(example.config()), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {"User":"web:5","ExposedPorts":{"80/tcp":{}},"Env":["A=\\u007F\\""],\
                        "Entrypoint":["/bin/app","a\\nb"],"Cmd":[""],"Volumes":{"/data":{}},\
                        "WorkingDir":"/srv","Labels":{"k":"v"},"StopSignal":"SIGQUIT"}
                        """);
    }

    @Test
    void bothAppearOrNone() throws Exception {
        Path file = directory.resolve("process.json");
        for (OutputWriter writer : List.of(new RootfsWriter(), new DirectoryWriter())) {
            Path out = directory.resolve(writer.name());
            try (Flatten flatten = Flatten.of(layer().file("a", "x"))) {
                OutputWriter.Settings settings = settings(writer, file);
                settings.validate(out.toString());
                assertThat(settings.furtherDestinations()).containsExactly(file.toString());
                try (RootfsSink sink = flatten.open(settings, out.toString())) {
                    sink.finish();
                    assertThat(file).doesNotExist();
                }
                assertThat(file).doesNotExist();
                try (RootfsSink sink = flatten.open(settings, out.toString())) {
                    sink.finish();
                    sink.commit().takeBack();
                    assertThat(file).doesNotExist();
                }
                flatten.write(settings, out.toString());
                assertThat(file).hasContent("{\"Cmd\":[\"/bin/sh\"]}");
                assertThat(out).exists();
            }
            Files.delete(file);
        }
    }

    @Test
    void standardOutputHasRoomForOneOfThem() {
        OutputWriter.Settings settings = settings(new RootfsWriter(), Path.of("-"));
        assertThatThrownBy(() -> settings.validate("-"))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining("--process-file -: the files go there");
    }
}
