package dev.undocker;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/// The options of a command, to which each object that has some adds its own. Names begin with `--`
/// and are unique within a command; descriptions are phrases without a final period.
///
/// A label says what the value is: `FILE` and `DIR` lie on this machine, `a|b` are all there are,
/// any other one stands for text. Shells complete values by that.
///
/// A setter is called while the command line is read, and not at all for an option that is not
/// given. What a value means is checked later, when all of them are known.
public interface Options {
    /// An option without a value.
    void flag(String name, String description, Consumer<Boolean> set);

    /// An option with one value, called `label` in the help.
    void text(String name, String label, String description, Consumer<String> set);

    /// The same with a whole number.
    void number(String name, String label, String description, IntConsumer set);

    /// An option that may be given several times.
    ///
    /// @param set takes all values so far, in their order
    void texts(String name, String label, String description, Consumer<List<String>> set);
}
