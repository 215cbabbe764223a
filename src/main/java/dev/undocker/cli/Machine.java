package dev.undocker.cli;

/// What the program runs on: a virtual machine. In a native executable [NativeMachine] stands in
/// for this class.
final class Machine {
    private Machine() {}

    /// Has to be called before anything else is done.
    ///
    /// @throws dev.undocker.UndockerException if the program cannot run here; the launcher has
    ///   looked for the same where there is one
    static void start() {}

    /// What to do about a full heap, for a hint.
    static String moreMemory() {
        return "JAVA_TOOL_OPTIONS=-Xmx4g allows four gigabytes, and so on";
    }
}
