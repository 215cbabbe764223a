package dev.undocker.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.runtime.ContainerName;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.Example;
import dev.undocker.runtime.HostileText;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class RuntimeConfigTest {
    private final Example example = new Example();

    private JsonNode config(SpecVersion version, UserNamespace users) throws IOException {
        return config(version, users, new VolumePolicy.Directory());
    }

    private JsonNode config(SpecVersion version, UserNamespace users, VolumePolicy volumes)
            throws IOException {
        byte[] json =
                RuntimeConfig.json(
                        example.config(),
                        example.process(),
                        new ContainerName("box"),
                        version,
                        users,
                        OciMount.volumes(example.volumes(volumes), users, version.copiesUp()),
                        true,
                        false,
                        example.warnings::add);
        return new ObjectMapper().readTree(json);
    }

    private JsonNode config() throws IOException {
        return config(SpecVersion.V1_0_2, UserNamespace.NONE);
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    @Test
    void processIsTheImages() throws IOException {
        example.rootfs.file("etc/passwd", 0644, "web:x:7:8::/srv:\n");
        example.rootfs.file("etc/group", 0644, "more:x:20:web\n");
        example.user = "web";
        example.cmd = List.of("a b", "", "line\nend");
        example.env = List.of("A=b c", "NOTHING");
        example.workingDir = "/my dir";
        JsonNode process = config().get("process");
        assertThat(texts(process.get("args"))).containsExactly("/bin/app", "a b", "", "line\nend");
        assertThat(texts(process.get("env"))).contains("A=b c", "NOTHING=", "HOME=/srv");
        assertThat(process.get("cwd").asText()).isEqualTo("/my dir");
        assertThat(process.get("user"))
                .hasToString("{\"uid\":7,\"gid\":8,\"additionalGids\":[20]}");
        assertThat(process.get("terminal").asBoolean()).isFalse();
        // as after an execve(2) of such a user
        assertThat(process.at("/capabilities/effective")).isEmpty();
        assertThat(texts(process.at("/capabilities/bounding"))).doesNotContain("CAP_SYS_ADMIN");
    }

    @Test
    void labelsOutrankWhatIsDerived() throws IOException {
        example.labels =
                Map.of(
                        "org.opencontainers.image.author",
                        "somebody",
                        "org.opencontainers.image.os",
                        "plan9",
                        "",
                        "no key");
        example.ports = List.of("80/tcp", "53/udp");
        example.stopSignal = "QUIT";
        JsonNode annotations = config().get("annotations");
        assertThat(annotations)
                .hasToString(
                        "{\"org.opencontainers.image.architecture\":\"amd64\","
                                + "\"org.opencontainers.image.author\":\"somebody\","
                                + "\"org.opencontainers.image.exposedPorts\":\"80/tcp,53/udp\","
                                + "\"org.opencontainers.image.os\":\"plan9\","
                                + "\"org.opencontainers.image.stopSignal\":\"SIGQUIT\"}");
    }

    @Test
    void volumesAreMountedAsAsked() throws IOException {
        example.rootfs.inode(
                "my data", new Inode.Directory(new Metadata(0700, 70, 71, 0, 0, List.of())));
        example.volumes = List.of("/my data");
        assertThat(volume(SpecVersion.V1_0_2, new VolumePolicy.Directory())).isEmpty();
        assertThat(volume(SpecVersion.V1_0_2, new VolumePolicy.Tmpfs()))
                .containsExactly("tmpfs tmpfs rw,nosuid,nodev,mode=0700,uid=70,gid=71,tmpcopyup");
        assertThat(volume(SpecVersion.V1_0_0, new VolumePolicy.Tmpfs()))
                .containsExactly("tmpfs tmpfs rw,nosuid,nodev,mode=0700,uid=70,gid=71");
        assertThat(volume(SpecVersion.V1_0_2, new VolumePolicy.Bind("/srv")))
                .containsExactly("bind /srv/my data rbind");
        assertThat(example.warnings).isEmpty();
    }

    /// A user that does not exist there cannot own a mount, and nothing would start.
    @Test
    void volumesOfARootlessContainerAreRoots() throws IOException {
        example.rootfs.inode(
                "my data", new Inode.Directory(new Metadata(0700, 70, 0, 0, 0, List.of())));
        example.volumes = List.of("/my data");
        VolumePolicy tmpfs = new VolumePolicy.Tmpfs();
        assertThat(volume(SpecVersion.V1_0_2, UserNamespace.rootless(1000, 100), tmpfs))
                .containsExactly("tmpfs tmpfs rw,nosuid,nodev,mode=0700,uid=0,gid=0,tmpcopyup");
        List<IdMapping> map = List.of(new IdMapping(0, 100_000, 71));
        assertThat(volume(SpecVersion.V1_0_2, new UserNamespace(map, map, false), tmpfs))
                .containsExactly("tmpfs tmpfs rw,nosuid,nodev,mode=0700,uid=70,gid=0,tmpcopyup");
    }

    private List<String> volume(SpecVersion version, VolumePolicy policy) throws IOException {
        return volume(version, UserNamespace.NONE, policy);
    }

    private List<String> volume(SpecVersion version, UserNamespace users, VolumePolicy policy)
            throws IOException {
        List<String> found = new ArrayList<>();
        for (JsonNode mount : config(version, users, policy).get("mounts")) {
            if (mount.get("destination").asText().equals("/my data")) {
                found.add(
                        "%s %s %s"
                                .formatted(
                                        mount.get("type").asText(),
                                        mount.get("source").asText(),
                                        String.join(",", texts(mount.get("options")))));
            }
        }
        return found;
    }

    @Test
    void oldestVersionHasNothingThatNspawnRefuses() throws IOException {
        JsonNode config = config(SpecVersion.V1_0_0, UserNamespace.NONE);
        assertThat(config.get("ociVersion").asText()).isEqualTo("1.0.0");
        assertThat(config.at("/linux/resources").isMissingNode()).isTrue();
        assertThat(config().at("/linux/resources/devices/0/allow").asBoolean(true)).isFalse();
        assertThatThrownBy(() -> SpecVersion.parse("1.1.0")).isInstanceOf(UndockerException.class);
    }

    @Test
    void rootlessContainersAskForNothingThatNeedsRoot() throws IOException {
        JsonNode config = config(SpecVersion.V1_0_2, UserNamespace.rootless(1000, 100));
        assertThat(config.at("/linux/uidMappings/0"))
                .hasToString("{\"containerID\":0,\"hostID\":1000,\"size\":1}");
        assertThat(config.at("/linux/namespaces").findValuesAsText("type"))
                .contains("user")
                .doesNotContain("network");
        assertThat(config.at("/linux/resources").isMissingNode()).isTrue();
        assertThat(config.findValuesAsText("type")).doesNotContain("cgroup2", "sysfs");
    }

    /// Whatever an image says stays the value that it is.
    @Test
    void hostileTextIsReadBackAsItWas() throws IOException {
        String fields = String.join(",", names(config()));
        for (long seed = 0; seed < 2000; seed++) {
            HostileText text = new HostileText(seed);
            example.cmd = text.words(4);
            example.env = List.of(text.name() + "=" + text.word());
            example.workingDir = text.word();
            example.labels = Map.of(text.name(), text.word() + "\ud800");
            example.ports = text.words(2);
            example.volumes = text.words(2);
            JsonNode config =
                    config(SpecVersion.V1_0_2, UserNamespace.NONE, new VolumePolicy.Tmpfs());
            ProcessDescription process = example.process();
            assertThat(String.join(",", names(config))).isEqualTo(fields);
            assertThat(texts(config.at("/process/args"))).isEqualTo(process.argv());
            assertThat(texts(config.at("/process/env")))
                    .isEqualTo(
                            process.environment().stream()
                                    .map(EnvironmentVariable::assignment)
                                    .toList());
            assertThat(config.at("/process/cwd").asText()).isEqualTo(process.workingDirectory());
            Map.Entry<String, String> label = example.labels.entrySet().iterator().next();
            assertThat(config.get("annotations").get(label.getKey()).asText())
                    .isEqualTo(label.getValue().replace('\ud800', '\ufffd'));
        }
    }

    /// As jq reads the file.
    @Test
    void hostileArgumentsAreReadBack(@TempDir Path directory) throws Exception {
        example.cmd = HostileText.many(10_000);
        byte[] json =
                RuntimeConfig.json(
                        example.config(),
                        example.process(),
                        new ContainerName("box"),
                        SpecVersion.V1_0_2,
                        UserNamespace.NONE,
                        List.of(),
                        true,
                        false,
                        example.warnings::add);
        Path file = Files.write(directory.resolve("config.json"), json);
        String read =
                Undocker.program(
                                Requirements.tool("jq"),
                                "-j",
                                ".process.args[] + \"\\u0000\"",
                                file)
                        .succeed()
                        .text();
        assertThat(List.of(read.split("\0")))
                .isEqualTo(
                        example.process().argv().stream()
                                .map(word -> word.replace('\ud800', '\ufffd'))
                                .toList());
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void bytesAreUtf8AndEndWithANewline() {
        example.cmd = List.of("\ud83d\ude00");
        byte[] json =
                RuntimeConfig.json(
                        example.config(),
                        example.process(),
                        new ContainerName("box"),
                        SpecVersion.V1_0_2,
                        UserNamespace.NONE,
                        List.of(),
                        false,
                        true,
                        example.warnings::add);
        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"terminal\" : true")
                .contains("\ud83d\ude00")
                .endsWith("}\n");
    }

    /// systemd-nspawn, whose version it is, cannot mount a file so that nobody writes it.
    @Test
    void hostsNameServersAreMountedReadOnly() throws IOException {
        JsonNode mounts = config().get("mounts");
        JsonNode resolver = mounts.get(mounts.size() - 1);
        assertThat(resolver.get("destination").asText()).isEqualTo("/etc/resolv.conf");
        assertThat(texts(resolver.get("options"))).contains("bind", "ro");
        assertThat(config(SpecVersion.V1_0_0, UserNamespace.NONE).get("mounts").toString())
                .doesNotContain("resolv.conf");
    }
}
