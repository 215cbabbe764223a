package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.GuestKernel;
import dev.undocker.testing.Guide;
import dev.undocker.testing.Machine;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WebImage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Every command of every guide is run as it is printed, on a copy of this machine that has booted
/// for it. Programs that Debian lacks are stand-ins, which take whatever they are told.
class GuidesIT {
    private static final List<String> ELSEWHERE =
            List.of(
                    "apt-get", "argo", "buildah", "docker", "incus", "kubectl", "lxc", "pct",
                    "podman", "wsl");
    private static final String PAGE = "<title>Welcome to nginx!</title>";
    private static final String DATA = "/var/lib/postgresql/data";

    @TempDir private Path directory;

    @Test
    void everyBlockSaysHowItIsRun() throws Exception {
        assertThat(Guide.all())
                .extracting(Guide::name)
                .contains(
                        "bundle", "chroot", "incus", "lxc", "microvm", "nspawn", "proxmox", "wsl");
        for (Guide guide : Guide.all()) {
            assertThat(guide.blocks())
                    .as(guide.name())
                    .extracting(Guide.Block::tag)
                    .isSubsetOf("sh run", "sh elsewhere", "text", "yaml");
        }
    }

    @Test
    void commandsDoWhatTheGuidesSay() throws Exception {
        Requirements.tools("lxc-start", "runc", "crun", "curl", "jq", "su", "machinectl");
        Requirements.tools(
                "qemu-system-x86_64", "busybox", "cpio", "mke2fs", "debugfs", "fakeroot");
        Undocker.program(Path.of("/bin/cp"), "-r", GuestKernel.tree(), directory.resolve("kernel"))
                .succeed();
        Machine machine = Machine.in(directory);
        machine.file("etc/pve/lxc/101.conf", "");
        machine.file("var/lib/vz/template/cache/other.tar.xz", "");
        for (String name : ELSEWHERE) {
            machine.program("usr/local/elsewhere/" + name, "exit 0");
        }
        machine.project("deploy");
        StringBuilder script =
                new StringBuilder(
                        """
                        guides=$PWD/guides
                        mkdir -p /boot /lib/modules
                        ln -s $PWD/kernel/boot/* /boot
                        ln -s $PWD/kernel/lib/modules/* /lib/modules
                        """);
        for (Guide guide : Guide.all()) {
            Path folder = Files.createDirectories(directory.resolve("guides/" + guide.name()));
            script.append("mkdir work; cd work; ln -s ../deploy\n");
            for (int i = 0; i < guide.blocks().size(); i++) {
                Guide.Block block = guide.blocks().get(i);
                if (block.tag().startsWith("sh ")) {
                    Files.writeString(folder.resolve(Integer.toString(i)), block.text());
                    String file = "$guides/%s/%d".formatted(guide.name(), i);
                    script.append(
                            "PATH=%s$PATH sh -e %2$s > %2$s.out\n"
                                    .formatted(
                                            block.tag().equals("sh run")
                                                    ? ""
                                                    : "/usr/local/elsewhere:",
                                            file));
                }
            }
            script.append("cd ..; mv work %s\n".formatted(guide.name()));
        }
        Undocker.Result result =
                machine.run(
                        script.toString(),
                        WebImage.save(WebImage.of(PAGE), directory, "nginx"),
                        WebImage.save(WebImage.shell(), directory, "debian"),
                        WebImage.save(
                                WebImage.shell().config("Volumes", Map.of(DATA, Map.of())),
                                directory,
                                "postgres"));
        assertThat(result.exitCode()).as(result.errors()).isZero();
        for (Guide guide : Guide.all()) {
            for (int i = 1; i < guide.blocks().size(); i++) {
                if (guide.blocks().get(i).tag().equals("text")) {
                    Path output =
                            directory.resolve("guides/%s/%d.out".formatted(guide.name(), i - 1));
                    assertThat(Files.readString(output))
                            .as("%s, block %d", guide.name(), i - 1)
                            .isEqualTo(guide.blocks().get(i).text());
                }
            }
        }
    }
}
