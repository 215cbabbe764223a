package dev.undocker.output.bundle;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.TreeListing;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class BundleWriterTest implements WriterContract {
    @BeforeEach
    void needsDevices() {
        Requirements.root();
    }

    @Override
    public OutputWriter writer() {
        return new BundleWriter();
    }

    @Override
    public String read(Path destination) throws Exception {
        return TreeListing.of(destination.resolve("rootfs"))
                + Files.readString(destination.resolve("config.json"));
    }

    private static OutputWriter.Settings settings(String... options) {
        OutputWriter.Settings settings = new BundleWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        return settings;
    }

    @Test
    void shiftedTreesGetTheirUserNamespace(@TempDir Path directory) throws Exception {
        Path out = directory.resolve("bundle");
        try (Flatten flatten = Flatten.of(layer().file("file", "x").owner(5, 6))) {
            flatten.write(
                    settings(
                            "--uid-map",
                            "0:100000:65536",
                            "--gid-map",
                            "0:200000:65536",
                            "--workdir",
                            "/srv/app"),
                    out.toString());
        }
        assertThat(Files.getAttribute(out.resolve("rootfs/file"), "unix:uid")).isEqualTo(100_005);
        assertThat(Files.getAttribute(out.resolve("rootfs/srv/app"), "unix:gid"))
                .isEqualTo(200_000);
        assertThat(out.resolve("config.json"))
                .content()
                .contains("\"hostID\" : 100000")
                .contains("\"hostID\" : 200000");
    }

    @Test
    void whatMountsHideIsSaid(@TempDir Path directory) throws Exception {
        try (Flatten flatten = Flatten.of(layer().file("tmp/a", "x").file("dev/b", "x"))) {
            flatten.write(settings(), directory.resolve("1").toString());
            assertThat(flatten.warnings())
                    .contains("/dev: the runtime mounts over it and hides the file /dev/b")
                    .noneMatch(warning -> warning.startsWith("/tmp"));
            // which systemd-nspawn alone needs
            flatten.write(settings("--oci-version", "1.0.0"), directory.resolve("2").toString());
            assertThat(flatten.warnings())
                    .contains("/tmp: systemd-nspawn mounts over it and hides the file /tmp/a");
        }
    }

    @Test
    void optionsThatDoNotGoTogetherAreRefusedAtOnce(@TempDir Path directory) {
        String out = directory.resolve("bundle").toString();
        List<OutputWriter.Settings> wrong =
                List.of(
                        settings("--oci-version", "2"),
                        settings("--uid-map", "0:1:2"),
                        settings("--rootless-runtime", "--uid-map", "0:1:2", "--gid-map", "0:1:2"));
        for (OutputWriter.Settings settings : wrong) {
            assertThatThrownBy(() -> settings.validate(out)).isInstanceOf(UndockerException.class);
        }
    }
}
