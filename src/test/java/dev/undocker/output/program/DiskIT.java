package dev.undocker.output.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Readme;
import dev.undocker.testing.Recipe;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

/// File systems in files, as a user makes them.
@Timeout(180)
class DiskIT {
    @TempDir private Path directory;

    @Test
    void readme() throws Exception {
        Requirements.root();
        Requirements.tools("tar2sqfs", "mke2fs", "debugfs", "fakeroot", "mount");
        Recipe recipe = Recipe.in(directory);
        for (String program : new String[] {"mount", "umount", "qemu-system-x86_64"}) {
            recipe.program(program, "echo %s \"$@\"".formatted(program));
        }
        String said =
                recipe.run(
                                Readme.commands("squashfs")
                                        + Readme.commands("ext4")
                                        + Readme.commands("cpio")
                                        + Readme.commands("machine"))
                        .text();
        assertThat(said).contains("mount -o loop,ro nginx.squashfs /mnt", "-initrd nginx.cpio.gz");
        assertThat(Files.size(directory.resolve("nginx.ext4"))).isEqualTo(2L << 30);
    }

    /// Several at once; all appear, or none.
    @Test
    void convert() throws Exception {
        Requirements.tool("tar2sqfs");
        Recipe.in(directory);
        Undocker.command(
                        "convert",
                        "image.tar",
                        "-o",
                        "squashfs,compress=gzip,level=1:a",
                        "-o",
                        "cpio,compress=none:b",
                        "-o",
                        "rootfs:c.tar")
                .in(directory)
                .succeed();
        assertThat(directory.resolve("a")).isRegularFile();
        assertThat(directory.resolve("b")).isRegularFile();
    }
}
