package dev.undocker.runtime.nspawn;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessUser;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// What a settings file of systemd-nspawn cannot say of a process.
public final class NspawnLimits {
    private static final byte[] ELF_MAGIC = {0x7f, 'E', 'L', 'F'};

    private NspawnLimits() {}

    /// One clause for each thing; empty when the settings alone are exact.
    public static List<String> of(ProcessDescription process, RootfsView rootfs) {
        List<String> obstacles = new ArrayList<>();
        if (!NspawnGrammar.holds(process.argv())) {
            obstacles.add("command line: it holds control characters or is too long");
        }
        for (EnvironmentVariable variable : process.environment()) {
            if (!NspawnGrammar.holds(variable)) {
                obstacles.add(
                        "environment variable %s: systemd cannot hold it"
                                .formatted(variable.name()));
            }
        }
        if (!NspawnGrammar.holdsBare(process.workingDirectory())) {
            obstacles.add(
                    "working directory %s: systemd cannot hold it"
                            .formatted(process.workingDirectory()));
        }
        if (!canBecome(process.user(), rootfs)) {
            obstacles.add(
                    "user: systemd-nspawn asks the image's getent for anyone but root, and here"
                            + " it cannot answer");
        }
        return obstacles;
    }

    /// systemd-nspawn runs the image's `getent passwd` and `getent initgroups`. The GNU one answers
    /// for names; musl's, a script, does not know `initgroups`.
    static boolean canBecome(ProcessUser user, RootfsView rootfs) {
        return user.isPlainRoot()
                || (user.named()
                        && user.uid() != 0
                        && Stream.of("usr/bin/getent", "bin/getent")
                                .map(RootfsPath::of)
                                .anyMatch(path -> isElf(rootfs, path)));
    }

    private static boolean isElf(RootfsView rootfs, RootfsPath path) {
        return rootfs.resolve(path) instanceof Inode.RegularFile(var metadata, Content content)
                && startsWith(content, ELF_MAGIC, path);
    }

    private static boolean startsWith(Content content, byte[] magic, RootfsPath path) {
        try (InputStream in = content.stream()) {
            return Arrays.equals(in.readNBytes(magic.length), magic);
        } catch (IOException e) {
            throw new UndockerException("/%s: %s".formatted(path, e.getMessage()), e);
        }
    }
}
