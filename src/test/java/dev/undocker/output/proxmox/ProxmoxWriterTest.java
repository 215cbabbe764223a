package dev.undocker.output.proxmox;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.cli.CommandOptions;
import dev.undocker.image.Digest;
import dev.undocker.output.OutputWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;
import dev.undocker.testing.WriterContract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Templates, by the rules of pve-container 6.1: `PVE/LXC/Create.pm` unpacks and checks them,
/// `PVE/LXC/Setup.pm` and the classes below it configure what was unpacked.
class ProxmoxWriterTest implements WriterContract {
    @TempDir private Path directory;
    private List<String> warnings = List.of();
    private String next = "";

    @Override
    public OutputWriter writer() {
        return new ProxmoxWriter();
    }

    @Override
    public Path destination(Path parent) {
        return parent.resolve("template.tar.zst");
    }

    @Override
    public String read(Path destination) throws Exception {
        return Digest.sha256(Files.readAllBytes(destination)).toString();
    }

    private Path template(LayerBuilder layer, String... options) throws Exception {
        OutputWriter.Settings settings = new ProxmoxWriter().newSettings();
        CommandOptions.read(settings::declare, options);
        Path out = Files.createTempFile(directory, "out", ".tar.gz");
        settings.validate(out.toString());
        try (Flatten flatten = Flatten.of(layer)) {
            flatten.write(settings, out.toString());
            warnings = flatten.warnings();
        }
        next = settings.made(out.toString(), "app").next();
        return out;
    }

    private static LayerBuilder debian() {
        return layer().file("etc/os-release", "NAME=\"Debian\"\nID=debian\n")
                .file("etc/debian_version", "12.5\n")
                .file("bin/app", "")
                .mode(0755);
    }

    /// `restore_tar_archive_command`: device nodes are left out by an anchored `./dev/*`. `tar -t`
    /// has to show a directory `sbin` and ten members (`check_tar_archive`).
    @Test
    void tarIsUnpackedAsTemplatesAre() throws Exception {
        Path out = template(debian().charDevice("dev/null", 1, 3), "--cmd", "/bin/app");
        List<String> members =
                Undocker.program(Requirements.tool("tar"), "-tzf", out)
                        .succeed()
                        .text()
                        .lines()
                        .toList();
        assertThat(members)
                .hasSizeGreaterThanOrEqualTo(10)
                .allMatch(name -> name.startsWith("./"))
                .contains("./sbin/", "./sbin/init", "./dev/null", "./etc/network/interfaces");
        Path tree = Files.createDirectory(directory.resolve("tree"));
        Undocker.program(
                        Requirements.tool("tar"),
                        "xpf",
                        out,
                        "-z",
                        "--skip-old-files",
                        "--anchored",
                        "--exclude",
                        "./dev/*",
                        "-C",
                        tree)
                .succeed();
        assertThat(tree.resolve("dev")).isEmptyDirectory();
        assertThat(tree.resolve("sbin/init")).isExecutable();
        // Base.pm writes /etc/hostname, /etc/hosts and /etc/resolv.conf where there is /etc
        assertThat(tree.resolve("etc/hosts")).content().contains("localhost");
        // Debian.pm puts its interfaces behind those that are there
        assertThat(tree.resolve("etc/network/interfaces")).content().startsWith("auto lo\n");
        assertThat(warnings).isEmpty();
        assertThat(next)
                .contains("pct create 100 ")
                .doesNotContain("--ostype")
                .contains("name=eth0,bridge=vmbr0,ip=dhcp,host-managed=1");
    }

    /// `autodetect_type` dies where `/etc/os-release` names a system that it does not know, and
    /// Debian.pm where there is no `/etc/debian_version`.
    @Test
    void anUnknownSystemIsUnmanaged() throws Exception {
        List<LayerBuilder> unknown =
                List.of(
                        layer().file("etc/os-release", "ID=wolfi\n"),
                        layer().file("etc/os-release", "ID=debian\n"));
        for (LayerBuilder layer : unknown) {
            template(layer.file("bin/app", "").mode(0755), "--cmd", "/bin/app");
            assertThat(warnings)
                    .singleElement()
                    .asString()
                    .endsWith("pct create fails without --ostype unmanaged");
            assertThat(next).contains("--ostype unmanaged");
        }
        template(layer().file("bin/app", "").mode(0755), "--cmd", "/bin/app");
        assertThat(warnings).singleElement().asString().endsWith("nor name servers");
        assertThat(next).doesNotContain("--ostype");
    }

    @Test
    void anInitOfTheImageIsStarted() throws Exception {
        LayerBuilder layer = debian().file("sbin/init", "own").mode(0755);
        Path out = template(layer, "--cmd", "/sbin/init");
        assertThat(next).doesNotContain("host-managed");
        assertThat(warnings).isEmpty();
        assertThat(
                        Undocker.program(Requirements.tool("tar"), "-xOzf", out, "./sbin/init")
                                .succeed()
                                .text())
                .isEqualTo("own");
        template(layer, "--cmd", "/bin/app", "--stop-signal", "QUIT");
        assertThat(warnings)
                .anyMatch(warning -> warning.contains("'lxc.init.cmd: /.undocker-init'"))
                .anyMatch(warning -> warning.contains("'lxc.signal.halt: SIGQUIT'"));
    }

    /// `tar_compression_option`.
    @ParameterizedTest
    @ValueSource(strings = {"web", "web.tar", "web.tgz", "web.tar.lz4", "-"})
    void otherNamesAreNoTemplates(String name) {
        OutputWriter.Settings settings = new ProxmoxWriter().newSettings();
        assertThatThrownBy(() -> settings.validate(name))
                .isInstanceOf(UndockerException.class)
                .hasMessageContaining(name + ": is no name of a template");
    }
}
