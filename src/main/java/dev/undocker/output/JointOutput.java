package dev.undocker.output;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Several outputs, or parts of one, which take their final names together: all of them or none.
///
/// No file system does that at once, so they do it one after the other, and when one fails, those
/// before it are taken back, the last one first.
///
/// @param parts in the order in which they take their names; closed with this
public record JointOutput(List<? extends Committable> parts) implements Committable {
    public JointOutput {
        parts = List.copyOf(parts);
    }

    @Override
    public Committed commit() throws IOException {
        List<Committed> done = new ArrayList<>();
        Committed all = () -> done.reversed().forEach(Committed::takeBack);
        try {
            for (Committable part : parts) {
                done.add(part.commit());
            }
            return all;
        } catch (IOException | RuntimeException | Error e) {
            all.takeBack();
            throw e;
        }
    }

    @Override
    public void sync() throws IOException {
        for (Committable part : parts) {
            part.sync();
        }
    }

    /// Closes every part, even when one of them fails.
    @Override
    public void close() throws IOException {
        close(parts);
    }

    private static void close(List<? extends Committable> left) throws IOException {
        if (!left.isEmpty()) {
            Committable last = left.getLast();
            try (last) {
                close(left.subList(0, left.size() - 1));
            }
        }
    }
}
