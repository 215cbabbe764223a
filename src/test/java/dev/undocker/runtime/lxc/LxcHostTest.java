package dev.undocker.runtime.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.runtime.ContainerName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class LxcHostTest {
    @TempDir private Path directory;
    private final List<String> warnings = new ArrayList<>();

    private byte[] lines(List<String> idMap, byte[] defaults) throws IOException {
        return LxcHost.lines(
                Path.of("/lxc/caf\u00e9/web/rootfs"),
                new ContainerName("web"),
                idMap,
                Files.write(directory.resolve("default.conf"), defaults),
                Path.of("/lxc/caf\u00e9/web.conf"),
                warnings::add);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bytesOfTheHostStayBytes() throws IOException {
        String own = "lxc.rootfs.path = \"dir:/lxc/caf\u00e9/web/rootfs\"\nlxc.uts.name = web\n";
        String last = "lxc.include = \"/lxc/caf\u00e9/web.conf\"\n";
        String text = "lxc.environment = A=\u20ac \u00e9\n";
        assertThat(lines(List.of(), utf8("# \u00e9\n  " + text)))
                .isEqualTo(utf8(own + text + last));
        byte[] latin = "lxc.environment = A=\u00e9\u0085\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(lines(List.of(), latin))
                .startsWith(utf8(own))
                .containsSequence(latin)
                .endsWith(utf8(last));
        assertThat(warnings).isEmpty();
    }

    @Test
    void missingClientIsSaid() throws IOException {
        Path client = directory.resolve("dhclient");
        LxcHost.warnOfMissingClient(client, warnings::add);
        assertThat(warnings).singleElement().asString().contains(client.toString());
        Files.writeString(client, "");
        assertThat(client.toFile().setExecutable(true)).isTrue();
        LxcHost.warnOfMissingClient(client, warnings::add);
        assertThat(warnings).hasSize(1);
    }

    @Test
    void idMapOfTheHostIsNotTheTrees() throws IOException {
        byte[] defaults = utf8("lxc.idmap = u 0 100000 65536\nlxc.net.0.type = empty\n");
        assertThat(lines(List.of(), defaults)).asString().doesNotContain("idmap").contains("net.0");
        assertThat(warnings).singleElement().asString().contains("lxc.idmap = u 0 100000 65536");
        assertThat(lines(List.of("u 0 5 5"), defaults))
                .asString()
                .contains("lxc.idmap = u 0 5 5\n")
                .doesNotContain("100000");
        assertThat(warnings).hasSize(1);
    }
}
