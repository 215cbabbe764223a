package dev.undocker.cli;

import dev.undocker.UndockerException;
import dev.undocker.output.OutputWriter;
import dev.undocker.output.bundle.BundleWriter;
import dev.undocker.output.cpio.CpioWriter;
import dev.undocker.output.directory.DirectoryWriter;
import dev.undocker.output.erofs.ErofsWriter;
import dev.undocker.output.ext4.Ext4Writer;
import dev.undocker.output.incus.IncusWriter;
import dev.undocker.output.lxc.LxcConfigWriter;
import dev.undocker.output.lxc.LxcWriter;
import dev.undocker.output.nspawn.NspawnWriter;
import dev.undocker.output.proxmox.ProxmoxWriter;
import dev.undocker.output.squashfs.SquashfsWriter;
import dev.undocker.output.tar.RootfsWriter;
import dev.undocker.output.wsl.WslWriter;
import dev.undocker.testing.Requirements;

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
                    new WslWriter(),
                    new CpioWriter(),
                    new SquashfsWriter(),
                    new ErofsWriter(),
                    new Ext4Writer());

    /// Without those whose programs are missing, where these are not required.
    static final List<String> LINES =
            Stream.of(
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
                            "nspawn --force --no-previous --name new IMAGE OUT",
                            "proxmox IMAGE OUT/new.tar.zst",
                            "wsl IMAGE OUT/new.wsl",
                            "cpio IMAGE OUT/new.cpio",
                            "squashfs IMAGE OUT/new.squashfs",
                            "erofs IMAGE OUT/new.erofs",
                            "ext4 IMAGE OUT/new.ext4")
                    .filter(EveryWriter::hasItsProgram)
                    .toList();

    private EveryWriter() {}

    private static boolean hasItsProgram(String line) {
        String[] words = line.split(" ");
        return Requirements.areFirm()
                || WRITERS.stream()
                        .filter(writer -> writer.name().equals(words[0]))
                        .allMatch(writer -> isTaken(writer, words[words.length - 1]));
    }

    private static boolean isTaken(OutputWriter writer, String destination) {
        try {
            writer.newSettings().validate(destination.replace("OUT/", ""));
            return true;
        } catch (UndockerException e) {
            return false;
        }
    }

    /// So many of the lines, from all of them.
    static List<String> some(int count) {
        int most = Math.min(count, LINES.size());
        return IntStream.range(0, most).mapToObj(i -> LINES.get(i * LINES.size() / most)).toList();
    }

    /// The words of a line.
    ///
    /// @param image a file, or a name with its transport
    /// @param out the directory for all that is written
    static Object[] arguments(String line, Object image, Path out) {
        return Stream.of(line.split(" "))
                .map(word -> word.replace("IMAGE", image.toString()).replace("OUT", out.toString()))
                .toArray();
    }
}
