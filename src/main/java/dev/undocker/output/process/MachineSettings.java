package dev.undocker.output.process;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.output.Committable;
import dev.undocker.output.Committed;
import dev.undocker.output.PathKind;
import dev.undocker.runtime.LocalEdits;
import dev.undocker.runtime.SettingsGrammar;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The settings of a machine that may be there already. To be committed before what replaces them:
/// that fails where somebody has edited them since they were read.
public final class MachineSettings implements Committable {
    private final Path file;
    private final byte @Nullable [] content;
    private final LocalEdits edits;

    private MachineSettings(Path file, byte @Nullable [] content, LocalEdits edits) {
        this.file = file;
        this.content = content;
        this.edits = edits;
    }

    /// @param file may be missing; what is no regular file has no edits
    /// @param warnings hear when nothing is known of the file
    /// @throws UndockerException when it cannot be read, is a link, because what that leads to is
    ///   not undocker's to write, or something else than a file, which can be no settings
    public static MachineSettings read(Path file, SettingsGrammar grammar, Warnings warnings) {
        switch (PathKind.of(file)) {
            case NOTHING, FILE -> {}
            case LINK ->
                    throw new UndockerException(file + ": is a symbolic link")
                            .withHint("put the file itself there, or remove the link");
            case DIRECTORY, OTHER ->
                    throw new UndockerException(file + ": is no regular file")
                            .withHint("remove it, or choose another name");
        }
        byte[] content = content(file);
        if (content == null) {
            return new MachineSettings(file, null, LocalEdits.none(grammar));
        }
        LocalEdits edits = LocalEdits.of(content, grammar);
        if (!edits.areKnown()) {
            warnings.warn(
                    "%s: what was changed there is not taken over, because nothing in it says"
                                    .formatted(file)
                            + " what undocker wrote");
        }
        return new MachineSettings(file, content, edits);
    }

    private static byte @Nullable [] content(Path file) {
        try {
            return PathKind.of(file) == PathKind.FILE ? Files.readAllBytes(file) : null;
        } catch (IOException e) {
            throw UndockerException.because(file.toString(), e);
        }
    }

    /// What has been changed in them.
    public LocalEdits edits() {
        return edits;
    }

    @Override
    public Committed commit() {
        if (!Arrays.equals(content, content(file))) {
            throw new UndockerException(file + ": was edited meanwhile")
                    .withHint("begin again, so that these edits go on too");
        }
        return () -> {};
    }

    @Override
    public void sync() {}

    @Override
    public void close() {}
}
