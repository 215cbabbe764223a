package dev.undocker.cli;

import dev.undocker.Events;

import org.jspecify.annotations.Nullable;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tells on standard error how far the tasks of a run are, and prints the other lines there, so
/// that neither gets into the other. A short run is not made longer: whether there is a terminal is
/// asked, and a thread started, by the first task or step after some time. Thread-safe.
///
/// Of what a terminal understands beyond text it uses the carriage return alone; so it need not
/// know which one it is.
final class Progress {
    /// Runs that end before are shown no bar.
    private static final long PATIENCE_NANOS = 300_000_000;

    /// What a terminal writes behind the bar for Ctrl-C, `^C`, is removed with it.
    private static final int ECHO = 2;

    private final PrintStream error;
    private final Screen screen;
    private final long begun = System.nanoTime();
    private volatile ProgressMode mode = ProgressMode.NONE;
    private volatile boolean watched;

    // guarded by this
    private final Map<String, Phase> phases = new LinkedHashMap<>();
    private int drawn;
    private boolean ended;

    /// @param screen where `error` may lead to
    Progress(PrintStream error, Screen screen) {
        this.error = error;
        this.screen = screen;
    }

    /// Until then it tells nothing.
    void show(ProgressMode how) {
        mode = how;
    }

    /// Since the run began.
    long nanos() {
        return System.nanoTime() - begun;
    }

    /// True when somebody is told, or would be if the run were longer.
    boolean isShown() {
        return switch (mode) {
            case NONE -> false;
            case AUTO -> screen.isTerminal();
            case PLAIN, JSON -> true;
        };
    }

    /// Tells no more of tasks.
    synchronized void end() {
        erase();
        ended = true;
        notifyAll();
    }

    /// Prints another line, above the bar.
    synchronized void print(String line) {
        erase();
        error.println(line);
    }

    Events.Task task(String what, long total) {
        Phase phase = phase(what, total);
        if (phase == null) {
            return Events.Task.UNHEARD;
        }
        watch();
        return new Events.Task() {
            @Override
            public void advance(long count) {
                phase.advance(count);
                watch();
            }

            @Override
            public void close() {
                phase.close();
                finished(phase);
            }
        };
    }

    /// What begins last comes last, and is what the bar shows.
    private synchronized @Nullable Phase phase(String name, long total) {
        if (mode == ProgressMode.NONE) {
            return null;
        }
        Phase known = phases.remove(name);
        Phase phase = known == null || known.state().finished() ? new Phase(name) : known;
        phase.open(total);
        phases.put(name, phase);
        return phase;
    }

    private synchronized void finished(Phase phase) {
        Phase.State state = phase.state();
        if (state.finished()) {
            tell(state);
        }
    }

    private void watch() {
        if (!watched && nanos() >= PATIENCE_NANOS) {
            start();
        }
    }

    private synchronized void start() {
        if (!watched) {
            watched = true;
            Thread.ofPlatform().daemon().name("progress").start(this::run);
        }
    }

    private void run() {
        if (isShown() && endsWithTheProcess()) {
            try {
                tellUntilTheEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// A signal may come before there is anything else to clean up.
    private boolean endsWithTheProcess() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "progress-end"));
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private synchronized void tellUntilTheEnd() throws InterruptedException {
        while (!ended) {
            Phase.State current = null;
            for (Phase phase : phases.values()) {
                Phase.State state = phase.state();
                current = state.finished() ? current : state;
            }
            if (current != null) {
                tell(current);
            }
            wait(mode.interval().toMillis());
        }
    }

    private void tell(Phase.State state) {
        if (ended) {
            return;
        }
        switch (mode) {
            case NONE -> {}
            case AUTO -> draw(state);
            case PLAIN -> error.println("undocker: " + PhaseText.plain(state));
            case JSON -> error.println(PhaseText.json(state));
        }
    }

    private void draw(Phase.State state) {
        if (state.finished()) {
            return;
        }
        int columns = Math.max(screen.columns() - ECHO, 0);
        String line = PhaseText.bar(state, columns);
        int older = Math.clamp(drawn - line.length(), 0, Math.max(columns - line.length(), 0));
        error.print("\r" + line + " ".repeat(older));
        error.flush();
        drawn = line.length() + older;
    }

    private void erase() {
        if (drawn > 0) {
            error.print("\r" + " ".repeat(drawn + ECHO) + "\r");
            error.flush();
            drawn = 0;
        }
    }
}
