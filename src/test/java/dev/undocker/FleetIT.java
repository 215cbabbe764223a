package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Guide;
import dev.undocker.testing.Machine;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WebImage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The units of `deploy/systemd`, run by systemd: machines that follow a tag.
class FleetIT {
    @TempDir private Path directory;

    @Test
    void machinesFollowTheirTags() throws Exception {
        Requirements.tools("systemd-analyze", "lxc-start", "curl", "busybox");
        for (String version : new String[] {"v1", "v2", "v3"}) {
            WebImage.save(WebImage.of(version), directory, version);
        }
        WebImage.save(WebImage.of("broken").config("User", "nowhere"), directory, "broken");
        Machine machine = Machine.in(directory);
        machine.project("deploy");
        try (InputStream script = FleetIT.class.getResourceAsStream("fleet.sh")) {
            Undocker.Result result =
                    machine.run(
                            Guide.commands("fleet")
                                    + new String(script.readAllBytes(), StandardCharsets.UTF_8),
                            WebImage.save(WebImage.shell(), directory, "debian"));
            assertThat(result.exitCode()).as(result.errors()).isZero();
            assertThat(result.text())
                    .as(result.errors())
                    .isEqualTo(
                            """
                            web v1, starts: 1
                            untouched
                            web v2, starts: 2
                            web v2 after a failure
                            stopped
                            web v3
                            web v1 by the timer
                            box v1, starts: 1
                            box v2, starts: 2
                            """);
        }
    }
}
