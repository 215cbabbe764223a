package dev.undocker.content;

import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/// How much an image may turn into, so that a small one made in bad faith fills neither disk nor
/// memory. Immutable.
///
/// @param bytes what is decoded of one image, and what the files of its layers hold, may always
///   come to this
/// @param ratio and to so many times what is stored, if that is more
/// @param entries how many names all layers together may bring, directories that no layer describes
///   included; each costs memory
public record Limits(long bytes, long ratio, long entries) {
    /// No limit on bytes alone would do: images of 100 GB are real, and so is a bomb of 100 GB in
    /// 100 MB. Programs and models are stored in a half to a fifth of their size, empty disks of
    /// virtual machines in a thousandth, but these are small. So only an image that is both large
    /// and hardly stored at all is refused. The largest images have some million names.
    public static final Limits STANDARD = new Limits(20_000_000_000L, 50, 10_000_000);

    /// The same with a number of bytes that holds whatever is stored.
    public Limits withBytes(long most) {
        return new Limits(most, 0, entries);
    }

    /// The same with another number of names.
    public Limits withEntries(long most) {
        return new Limits(bytes, ratio, most);
    }

    /// Takes numbers of bytes, adds them up, and fails when they pass the limit. For one thread.
    ///
    /// @param what the sentence begins with
    /// @param stored how many bytes were read for them
    public LongConsumer counter(String what, LongSupplier stored) {
        return new LongConsumer() {
            private long total;

            @Override
            public void accept(long more) {
                total = requireBytes(what, total, more, stored.getAsLong());
            }
        };
    }

    /// Adds bytes to those that there were.
    ///
    /// @param what its text begins the sentence, and is made only for one
    /// @param total what there was before
    /// @return what there is now
    /// @throws LimitException when that is too much
    public long requireBytes(Object what, long total, long more, long stored) {
        // a number too large for a long becomes the largest one
        long most = Math.max(bytes, (long) (ratio * (double) stored));
        if (more > most - total) {
            throw new LimitException(
                    "%s: unpacked, it has more than %d bytes".formatted(what, most), "--max-size");
        }
        return total + more;
    }

    /// Fails where there are too many names.
    ///
    /// @param what its text begins the sentence, and is made only for one
    /// @param total how many names there are
    /// @throws LimitException when these are too many
    public void requireEntries(Object what, long total) {
        if (total > entries) {
            throw new LimitException(
                    "%s: more than %d names".formatted(what, entries), "--max-entries");
        }
    }
}
