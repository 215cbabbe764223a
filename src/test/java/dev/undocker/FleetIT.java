package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.DockerRegistry;
import dev.undocker.testing.Guide;
import dev.undocker.testing.ImageBuilder;
import dev.undocker.testing.Machine;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WebImage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The units of `deploy/systemd`, run by systemd: machines that follow a tag; and what the indexes
/// of `deploy/kubernetes` run.
class FleetIT {
    @TempDir private Path directory;

    @Test
    void machinesFollowTheirTags() throws Exception {
        Requirements.tools("systemd-analyze", "lxc-start", "curl", "busybox");
        for (String version : new String[] {"v1", "v2", "v3"}) {
            WebImage.save(web(version), directory, version);
        }
        WebImage.save(web("broken").config("User", "nowhere"), directory, "broken");
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

    @Test
    void eachIndexConvertsItsShareOfTheList() throws Exception {
        Requirements.tools("docker-registry", "skopeo", "cksum");
        Path list = directory.resolve("images.txt");
        Path out = Files.createDirectory(directory.resolve("out"));
        Undocker first = index(0, list, out);
        try (DockerRegistry registry = DockerRegistry.open(directory)) {
            for (String name : List.of("one", "two")) {
                Path image = WebImage.save(WebImage.of(name), directory, name);
                registry.put("docker-archive:" + image, name);
            }
            String host = "docker://" + registry.host();
            // the last line has no end
            Files.writeString(list, "%s/one\n%1$s/Mistyped\n\n%1$s/two".formatted(host));

            first.succeed();
            assertThat(names(out)).hasSize(1);
            assertThat(index(1, list, out).run().exitCode()).isEqualTo(2);
            assertThat(names(out)).hasSize(2).allMatch(name -> name.endsWith(".tar.zst"));

            for (String name : List.of("one", "two")) {
                Path direct = directory.resolve(name + ".tar.zst");
                Undocker.command("rootfs", "--no-cache", host + "/" + name, direct).succeed();
                String start = registry.host().replace(':', '_') + "_" + name + "-";
                assertThat(names(out).stream().filter(made -> made.startsWith(start)))
                        .singleElement()
                        .satisfies(made ->
                                assertThat(out.resolve(made)).hasSameBinaryContentAs(direct));
            }
        }
        // what is there needs no registry, which is gone
        assertThat(first.succeed().errors()).isEmpty();
        Files.delete(out.resolve(names(out).getFirst()));
        assertThat(first.run().exitCode()).isEqualTo(1);
    }

    /// The script of one index, of two.
    private Undocker index(int shard, Path list, Path out) {
        return Undocker.program(Path.of("/bin/sh"), Path.of("deploy/kubernetes/convert.sh"))
                .with("PATH", Undocker.home().resolve("bin") + ":" + System.getenv("PATH"))
                .with("SHARD", Integer.toString(shard))
                .with("SHARDS", "2")
                .with("LIST", list.toString())
                .with("OUT", out.toString())
                .with("CACHE", directory.resolve("cache").toString())
                .with("OPTIONS", "--compress zstd");
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// Its starts outlive the machine.
    private static ImageBuilder web(String page) throws IOException {
        return WebImage.of(page).config("Volumes", Map.of("/data", Map.of()));
    }
}
