package dev.undocker.cli;

import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcConfigWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.proxmox.ProxmoxWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.output.wsl.WslWriter;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A command line for each writer and for each way in which its output takes its name. What is
/// there is replaced.
final class EveryWriter {
    static final List<OutputWriter> WRITERS =
            List.of(
                    new RootfsWriter(),
                    new DirectoryWriter(),
                    new NspawnWriter(),
                    new LxcWriter(),
                    new LxcConfigWriter(),
                    new IncusWriter(),
                    new BundleWriter(),
                    new ProxmoxWriter(),
                    new WslWriter());

    static final List<String> LINES =
            List.of(
                    "rootfs IMAGE OUT/new.tar",
                    "rootfs IMAGE OUT/new.tar.gz",
                    "rootfs IMAGE OUT/new.tar.xz",
                    "rootfs IMAGE OUT/new.tar.zst",
                    "lxcconfig IMAGE OUT/new.config",
                    "incus IMAGE OUT/new.tar.xz",
                    "incus --split --force IMAGE OUT/new",
                    "dir --force IMAGE OUT/new",
                    "bundle --force IMAGE OUT/new",
                    "lxc --force IMAGE OUT/new",
                    "lxc --force --no-previous --format dir --name new IMAGE OUT",
                    "nspawn --force --no-previous --name new IMAGE OUT");

    private EveryWriter() {}

    /// So many of the lines, from all of them.
    static List<String> some(int count) {
        int most = Math.min(count, LINES.size());
        return IntStream.range(0, most).mapToObj(i -> LINES.get(i * LINES.size() / most)).toList();
    }

    /// The words of a line.
    ///
    /// @param image the image
    /// @param out the directory for all that is written
    static Object[] arguments(String line, Path image, Path out) {
        return Stream.of(line.split(" "))
                .map(word -> word.replace("IMAGE", image.toString()).replace("OUT", out.toString()))
                .toArray();
    }
}
