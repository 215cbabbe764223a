package dev.undocker.cli;

import dev.undocker.Events;
import dev.undocker.ReaderGoneException;
import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsPath;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// What the user reads: progress and messages on standard error, as `undocker: what: why`, in UTF-8
/// whatever the locale. Text from images cannot reach the terminal's control functions, nor flood
/// it. Thread-safe.
final class Console implements Events {
    /// What each line begins with, by which those who read it tell what it is.
    static final String FAILURE = "undocker: ";

    static final String WARNING = FAILURE + "warning: ";
    static final String HINT = "hint: ";

    /// What is left of a longer line, in UTF-16 units: its beginning and its end.
    private static final int LONGEST_HEAD = 700;

    private static final int LONGEST_TAIL = 300;

    private final OutputStream output;
    private final PrintStream error;
    private final Screen screen;
    private final Progress progress;
    private final Set<String> warnings = ConcurrentHashMap.newKeySet();
    private volatile boolean quiet;
    private volatile boolean verbose;
    private volatile boolean silent;

    /// @param output for what the user asked to read: help and version. What it throws is told, so
    ///   it should not be a [PrintStream]
    /// @param error for messages
    /// @param descriptor that `error` writes to, which may be a terminal; −1 for none
    Console(OutputStream output, OutputStream error, int descriptor) {
        this.output = output;
        this.error = new PrintStream(error, true, StandardCharsets.UTF_8);
        screen = new Screen(descriptor);
        progress = new Progress(this.error, screen);
    }

    /// Says only what fails from now on.
    void keepToFailures() {
        quiet = true;
    }

    /// Says also what is only worth knowing.
    void tellMore() {
        verbose = true;
    }

    /// Whether somebody wants to know what was made: who sits at a terminal, or has asked for it.
    boolean isConversation() {
        return !quiet && (verbose || screen.isTerminal());
    }

    /// What was made of an image.
    ///
    /// @param sentence what, without the program's name
    /// @param next the command to type next, in which nothing is to be changed; may be empty
    void made(String sentence, String next) {
        if (next.isEmpty()) {
            note(sentence);
        } else {
            print(
                    shortened(printable(FAILURE + sentence))
                            + "; next: "
                            + (screen.isColoured() ? Colours.strong(next) : next));
        }
    }

    /// What is only worth knowing.
    void note(String sentence) {
        print(shortened(printable(FAILURE + sentence)));
    }

    /// How long this run has taken so far.
    long nanos() {
        return progress.nanos();
    }

    /// Tells how far tasks are, which it does not before.
    void show(ProgressMode how) {
        progress.show(how);
    }

    /// The last task has ended, well or not.
    void endProgress() {
        progress.end();
    }

    @Override
    public Task task(String what, long total) {
        return progress.task(what, total);
    }

    /// Says no more: the process is being ended by a signal, and failures that follow are its
    /// doing. Waits for nobody, not even for a line that a stopped terminal does not take.
    void silence() {
        silent = true;
    }

    /// What became of a run that a signal has ended, said to whoever was told of its progress.
    void interrupted(String sentence) {
        if (progress.isShown()) {
            progress.print(message(FAILURE + "interrupted: " + sentence));
        }
    }

    @Override
    public void warn(String sentence) {
        // documents are read again where one is chosen, and several outputs lack the same
        if (!quiet && warnings.add(sentence)) {
            line(WARNING + sentence);
        }
    }

    void failure(UndockerException failure, boolean verbose) {
        line(FAILURE + failure.sentence());
        if (failure.hint() != null) {
            line(HINT + failure.hint());
        }
        if (verbose) {
            trace("", failure, Collections.newSetFromMap(new IdentityHashMap<>()));
        }
    }

    /// A failure that nobody foresaw; the trace is what a bug report needs.
    void defect(Throwable failure, boolean verbose) {
        line(FAILURE + "internal error: " + failure);
        line(HINT + "run again with --verbose and report what it prints");
        if (verbose) {
            trace("", failure, Collections.newSetFromMap(new IdentityHashMap<>()));
        }
    }

    /// What the runtime would print, but with messages that are safe on a terminal.
    private void trace(String role, Throwable failure, Set<Throwable> said) {
        line(role + failure);
        if (!said.add(failure)) {
            return;
        }
        for (StackTraceElement frame : failure.getStackTrace()) {
            print("\tat " + frame);
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            trace("Suppressed: ", suppressed, said);
        }
        if (failure.getCause() != null) {
            trace("Caused by: ", failure.getCause(), said);
        }
    }

    /// What the user asked to read.
    ///
    /// @throws UndockerException when it cannot be written
    void answer(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        answer(bytes, bytes.length);
    }

    /// The first `length` bytes of what the user asked to read.
    ///
    /// @throws UndockerException when they cannot be written
    void answer(byte[] bytes, int length) {
        try {
            output.write(bytes, 0, length);
            output.flush();
        } catch (IOException e) {
            throw ReaderGoneException.or(UndockerException.because("standard output", e));
        }
    }

    /// A message, which says by its beginning what it is.
    void line(String text) {
        print(message(text));
    }

    private String message(String text) {
        String line = shortened(printable(text));
        return screen.isColoured() ? Colours.message(line) : line;
    }

    private void print(String line) {
        if (!silent) {
            progress.print(line);
        }
    }

    private static String shortened(String line) {
        if (line.length() <= LONGEST_HEAD + LONGEST_TAIL) {
            return line;
        }
        int head = LONGEST_HEAD;
        int tail = line.length() - LONGEST_TAIL;
        if (Character.isLowSurrogate(line.charAt(head))) {
            head--;
        }
        if (Character.isLowSurrogate(line.charAt(tail))) {
            tail++;
        }
        return line.substring(0, head) + "…" + line.substring(tail);
    }

    /// Names are made printable where they enter a sentence; this catches what came another way.
    private static String printable(String text) {
        boolean clean = text.codePoints().noneMatch(Console::dangerous);
        return clean ? text : RootfsPath.printable(ArgumentBytes.shown(text));
    }

    private static boolean dangerous(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL || type == Character.FORMAT || type == Character.SURROGATE;
    }

    PrintStream error() {
        return error;
    }
}
