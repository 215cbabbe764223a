package dev.undocker.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.IGetter;
import picocli.CommandLine.Model.ISetter;

import java.util.function.Consumer;

/// Where picocli puts the value of an option or parameter, and finds what it has put there: each
/// value of a repeatable option is added to the list of the earlier ones.
///
/// @param <V> what picocli was told to convert to
@SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // as picocli has it
final class ParsedValue<V> implements IGetter, ISetter {
    private final Consumer<V> receiver;
    private @Nullable V value;

    /// @param receiver is given each new value
    ParsedValue(Consumer<V> receiver) {
        this.receiver = receiver;
    }

    @Override
    public <T> @Nullable T get() {
        return (T) value;
    }

    /// @param next null before anything is read
    @Override
    public <T> @Nullable T set(@Nullable T next) {
        value = (V) next;
        if (value != null) {
            receiver.accept(value);
        }
        return next;
    }
}
