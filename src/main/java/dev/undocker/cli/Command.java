package dev.undocker.cli;

import picocli.CommandLine.Model.CommandSpec;

/// A subcommand: a CDI bean, found by [CommandRegistry], or one that it makes of a writer.
/// Stateless; everything about one run lives in the user object of its specification.
interface Command {
    /// The word that asks for it: lower-case letters, digits and `-`.
    String name();

    /// One line for the help, without a final period.
    String summary();

    /// Its options and parameters, and what carries it out, a [java.util.concurrent.Callable] that
    /// returns an [ExitCode]. Made only for the subcommand that is asked for, so that the program
    /// starts fast.
    ///
    /// @param console where it answers and warns
    CommandSpec spec(Console console);

    /// What the process returns when it fails, although the command line is right.
    default int failureCode() {
        return ExitCode.FAILED;
    }
}
