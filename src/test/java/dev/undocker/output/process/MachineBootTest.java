package dev.undocker.output.process;

import static dev.undocker.testing.LayerBuilder.layer;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.undocker.cli.CommandOptions;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.cpio.CpioWriter;
import dev.undocker.output.erofs.ErofsWriter;
import dev.undocker.output.ext4.Ext4Writer;
import dev.undocker.output.squashfs.SquashfsWriter;
import dev.undocker.testing.Flatten;
import dev.undocker.testing.GuestKernel;
import dev.undocker.testing.LayerBuilder;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A machine boots: qemu emulates one, and the kernel is Debian's.
@Timeout(300)
class MachineBootTest {
    private static final String REPORT =
            """
            echo "<argv>"; for word; do echo "[$word]"; done
            echo "<environment>"; env | sed 's/.*/[&]/'
            echo "<machine>"; hostname; id -u; id -g; pwd
            ip -o addr show lo | sed -n 's/.*inet \\(127[^ ]*\\).*/\\1/p'
            for place in /proc /sys /dev /dev/pts /dev/shm /run; do
                grep -q " $place " /proc/mounts && echo $place
            done
            ls -d /run/app; [ $$ = 1 ] || echo "not the first"
            (sleep 0.1 &); sleep 0.5; ps -o stat,comm | grep -c '^Z'
            echo "<end>"
            exit 3
            """;

    /// Each after those that it needs.
    private static final List<String> MODULES =
            List.of(
                    "virtio_ring.ko",
                    "virtio.ko",
                    "virtio_pci_modern_dev.ko",
                    "virtio_pci_legacy_dev.ko",
                    "virtio_pci.ko",
                    "virtio_blk.ko",
                    "squashfs.ko",
                    "libcrc32c.ko",
                    "erofs.ko");

    @TempDir private Path directory;

    private static LayerBuilder busybox() throws IOException {
        LayerBuilder image =
                layer().dir("run/app")
                        .mode(01777)
                        .file("bin/busybox", Files.readString(busyboxFile(), ISO_8859_1))
                        .mode(0755);
        for (String name :
                List.of("sh", "env", "sed", "hostname", "id", "ip", "ls", "sleep", "ps", "grep")) {
            image.symlink("bin/" + name, "busybox");
        }
        return image;
    }

    private static Path busyboxFile() {
        return Requirements.tool("busybox");
    }

    /// What the machine says on its console.
    private String boot(Object... arguments) throws Exception {
        Object[] machine = {
            "-M",
            "q35",
            "-cpu",
            "max",
            "-m",
            "256",
            "-nographic",
            "-no-reboot",
            "-nodefaults",
            "-serial",
            "stdio",
            "-kernel",
            GuestKernel.image()
        };
        Object[] all = Arrays.copyOf(machine, machine.length + arguments.length);
        System.arraycopy(arguments, 0, all, machine.length, arguments.length);
        return Undocker.program(Requirements.tool("qemu-system-x86_64"), all)
                .succeed()
                .text()
                .replace("\r", "")
                .replace("\0", "");
    }

    /// Options that make the machine run [#REPORT].
    private static OutputWriter.Settings settings(OutputWriter writer) {
        OutputWriter.Settings settings = writer.newSettings();
        CommandOptions.read(
                settings::declare,
                "--init-shim",
                "--entrypoint",
                "[\"sh\",\"-c\",\"%s\",\"name\",\"a b\",\"\",\"c'd\"]"
                        .formatted(
                                REPORT.replace("\\", "\\\\")
                                        .replace("\"", "\\\"")
                                        .replace("\n", "\\n")),
                "--env",
                "PATH=/bin",
                "--env",
                "ODD= x  'y'",
                "--user",
                "7:8");
        return settings;
    }

    private static void everythingArrived(String said) {
        assertThat(said)
                .contains(
                        """
                        <argv>
                        [a b]
                        []
                        [c'd]
                        <environment>
                        """)
                .contains(
                        """
                        <machine>
                        test
                        7
                        8
                        /
                        127.0.0.1/8
                        /proc
                        /sys
                        /dev
                        /dev/pts
                        /dev/shm
                        /run
                        /run/app
                        not the first
                        0
                        <end>
                        undocker: the command has ended with exit code 3
                        """)
                .doesNotContain("Kernel panic");
        String environment =
                said.substring(said.indexOf("<environment>"), said.indexOf("<machine>"));
        assertThat(environment).contains("[PATH=/bin]\n", "[ODD= x  'y']\n");
    }

    /// The monitor's key reaches the kernel, and the image's own stop signal the program.
    @Test
    void ctrlAltDelAsksTheProgramToEnd() throws Exception {
        Path kernel = GuestKernel.image();
        Path image = directory.resolve("image.cpio.gz");
        OutputWriter.Settings settings = new CpioWriter().newSettings();
        CommandOptions.read(
                settings::declare,
                "--init-shim",
                "--entrypoint",
                "[\"sh\",\"-c\",\"trap 'echo asked; exit 4' QUIT; grep SigBlk /proc/self/status;"
                        + " echo ready; sleep 99 & wait\"]",
                "--env",
                "PATH=/bin",
                "--stop-signal",
                "SIGQUIT");
        try (Flatten flatten = Flatten.of(busybox())) {
            flatten.write(settings, image.toString());
        }
        String script =
                """
                {
                    for try in $(seq 999); do
                        grep -qs ready console && break
                        sleep 0.2
                    done
                    echo sendkey ctrl-alt-delete
                } | timeout 250 "$0" -cpu max -m 256 -display none -no-reboot \\
                    -serial file:console -monitor stdio -kernel "$1" -initrd "$2" \\
                    -append 'console=ttyS0 quiet panic=-1' > monitor
                cat console
                """;
        String said =
                Undocker.program(
                                Path.of("/bin/sh"),
                                "-c",
                                script,
                                Requirements.tool("qemu-system-x86_64"),
                                kernel,
                                image)
                        .in(directory)
                        .succeed()
                        .text()
                        .replace("\r", "")
                        .replace("\0", "");
        assertThat(said)
                .contains(
                        "SigBlk:\t0000000000000000\nready\nasked\n"
                                + "undocker: the command has ended with exit code 4\n");
    }

    @Test
    void fromMemory() throws Exception {
        GuestKernel.tree();
        Path image = directory.resolve("image.cpio.gz");
        try (Flatten flatten = Flatten.of(busybox())) {
            flatten.write(settings(new CpioWriter()), image.toString());
        }
        everythingArrived(boot("-initrd", image, "-append", "console=ttyS0 quiet panic=-1"));
    }

    @Test
    void fromSquashfs() throws Exception {
        Requirements.tool("tar2sqfs");
        fromDisk(new SquashfsWriter());
    }

    @Test
    void fromErofs() throws Exception {
        Requirements.require(
                Undocker.program(Requirements.tool("mkfs.erofs"), "--help")
                        .run()
                        .text()
                        .contains("--tar"),
                "needs mkfs.erofs 1.8");
        fromDisk(new ErofsWriter());
    }

    @Test
    void fromExt4() throws Exception {
        Requirements.tools("mke2fs", "debugfs", "fakeroot");
        fromDisk(new Ext4Writer());
    }

    private void fromDisk(OutputWriter writer) throws Exception {
        GuestKernel.tree();
        Path image = directory.resolve("image");
        try (Flatten flatten = Flatten.of(busybox())) {
            flatten.write(settings(writer), image.toString());
        }
        Path drivers = directory.resolve("drivers");
        try (Flatten flatten = Flatten.of(drivers(writer.name()))) {
            flatten.write(new CpioWriter().newSettings(), drivers.toString());
        }
        everythingArrived(
                boot(
                        "-drive",
                        "if=virtio,format=raw,file=" + image,
                        "-initrd",
                        drivers,
                        "-append",
                        "console=ttyS0 quiet panic=-1"));
    }

    /// An initial RAM file system with what Debian's kernel has as modules, which hands over to the
    /// disk's first process.
    private static LayerBuilder drivers(String fileSystem) throws IOException {
        LayerBuilder files =
                layer().dir("dev")
                        .dir("disk")
                        .file("bin/busybox", Files.readString(busyboxFile(), ISO_8859_1))
                        .mode(0755)
                        .file(
                                "init",
                                """
                                #!/bin/busybox sh
                                set -e
                                for module in /modules/*; do busybox insmod $module; done
                                busybox mount -t devtmpfs devtmpfs /dev
                                busybox mount -t %s /dev/vda /disk
                                busybox umount /dev
                                exec busybox switch_root /disk /sbin/init
                                """
                                        .formatted(fileSystem))
                        .mode(0755);
        try (Stream<Path> all = Files.walk(GuestKernel.tree().resolve("lib"))) {
            for (Path module : all.toList()) {
                int order = MODULES.indexOf(module.getFileName().toString());
                if (order >= 0) {
                    files.file("modules/" + order, Files.readString(module, ISO_8859_1));
                }
            }
        }
        return files;
    }
}
