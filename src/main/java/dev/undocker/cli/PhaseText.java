package dev.undocker.cli;

import dev.undocker.ByteCount;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A phase's state in the words of the terminal, of a log and of a program.
final class PhaseText {
    private static final double SECOND = 1e9;

    /// Before, a rate says more about the beginning than about the phase.
    private static final long FIRST_RATE = 500_000_000;

    private static final int LONGEST_BAR = 30;
    private static final int SHORTEST_BAR = 8;

    /// Of the longest name and a blank, so that the bar stays where it is.
    private static final int NAME = 9;

    private static final int PERCENT = 5;

    /// Of nearly all that stands behind the bar, so that it keeps its length.
    private static final int REST = 2 + "99.9 MB of 99.9 GB, 99.9 MB/s, 99 min 59 s left".length();

    private PhaseText() {}

    /// One line of ASCII that is shorter than `columns`. In a narrow one first the bar goes, then
    /// what stands last.
    static String bar(Phase.State state, int columns) {
        String name = (state.name() + " ".repeat(NAME)).substring(0, NAME);
        String percent = state.total() < 0 ? "" : " %3d%%".formatted(percent(state));
        String rest = "  " + String.join(", ", amounts(state));
        int room = columns - 1 - NAME - PERCENT - REST;
        String bar = "";
        if (state.total() >= 0 && room >= SHORTEST_BAR) {
            int inside = Math.min(LONGEST_BAR, room) - 2;
            int full = (int) (inside * fraction(state));
            bar = "[" + "=".repeat(full) + " ".repeat(inside - full) + "]";
        }
        String line = name + bar + percent + rest;
        return line.substring(0, Math.clamp(columns - 1, 0, line.length())).stripTrailing();
    }

    /// A sentence without the program's name.
    static String plain(Phase.State state) {
        List<String> words = new ArrayList<>();
        if (state.finished()) {
            words.add("done");
        } else if (state.total() >= 0) {
            words.add(percent(state) + "%");
        }
        words.addAll(amounts(state));
        if (state.finished()) {
            words.add(duration(state.nanos()));
        }
        return state.name() + ": " + String.join(", ", words);
    }

    /// One object, whose members the manual lists. The names are words of this program, so there is
    /// nothing to escape.
    static String json(Phase.State state) {
        return String.format(
                Locale.ROOT,
                "{\"phase\":\"%s\",\"done\":%d,\"total\":%s,\"seconds\":%.3f,\"finished\":%s}",
                state.name(),
                state.done(),
                state.total() < 0 ? "null" : Long.toString(state.total()),
                state.nanos() / SECOND,
                state.finished());
    }

    /// What is told later can be more than was promised.
    private static double fraction(Phase.State state) {
        return state.total() == 0 ? 1 : Math.clamp((double) state.done() / state.total(), 0, 1);
    }

    /// Rounded down: all is all.
    private static int percent(Phase.State state) {
        return (int) (100 * fraction(state));
    }

    /// How much is done and how fast, or where that is not known, how long it has taken.
    private static List<String> amounts(Phase.State state) {
        if (state.total() < 0 && state.done() == 0) {
            return state.finished() ? List.of() : List.of(duration(state.nanos()));
        }
        List<String> amounts = new ArrayList<>();
        String done = ByteCount.format(state.done());
        amounts.add(state.total() < 0 ? done : done + " of " + ByteCount.format(state.total()));
        if (state.nanos() >= FIRST_RATE && state.done() > 0 && !state.finished()) {
            double rate = state.done() / (state.nanos() / SECOND);
            amounts.add(ByteCount.format((long) rate) + "/s");
            long left = state.total() - state.done();
            if (left > 0) {
                amounts.add(duration((long) (left / rate * SECOND)) + " left");
            }
        }
        if (state.nanos() >= FIRST_RATE && state.done() == 0 && !state.finished()) {
            // what takes long to begin with looks alive
            amounts.add(duration(state.nanos()));
        }
        return amounts;
    }

    /// Whole seconds, as long as there are few.
    static String duration(long nanos) {
        long seconds = Math.round(nanos / SECOND);
        if (seconds < 100) {
            return seconds + " s";
        }
        return seconds < 6000
                ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
                : "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }
}
