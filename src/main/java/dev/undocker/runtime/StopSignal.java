package dev.undocker.runtime;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The signal that asks a process to end, in the one spelling that LXC and systemd both read:
/// `SIGQUIT`, `SIGRTMIN+3`, `SIGRTMAX-1`, or a number from 1 to 64 (signal(7)).
public record StopSignal(String name) {
    public static final StopSignal SIGTERM = new StopSignal("SIGTERM");

    /// By their numbers, from 1 on; the same on every architecture that a launcher knows.
    private static final List<String> NAMES =
            List.of(
                    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
                    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP",
                    "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO",
                    "PWR", "SYS");

    private static final Pattern REAL_TIME = Pattern.compile("RT(MIN|MAX)(?:([+-])(\\d{1,2}))?");
    private static final int HIGHEST = 64;
    private static final int REAL_TIME_SIGNALS = 30;

    /// glibc's `SIGRTMIN`; the kernel's first two belong to threads.
    private static final int REAL_TIME_MINIMUM = 34;

    /// Reads what images say: with or without `SIG`, in any case, or a number.
    ///
    /// @return empty when Linux has no such signal
    public static Optional<StopSignal> parse(String text) {
        if (text.matches("\\d{1,3}")) {
            int number = Integer.parseInt(text);
            return number >= 1 && number <= HIGHEST
                    ? Optional.of(new StopSignal(Integer.toString(number)))
                    : Optional.empty();
        }
        String upper = text.toUpperCase(Locale.ROOT);
        String bare = upper.startsWith("SIG") ? upper.substring(3) : upper;
        String known =
                switch (bare) {
                    case "IOT" -> "ABRT";
                    case "CLD" -> "CHLD";
                    case "POLL" -> "IO";
                    default -> bare;
                };
        if (NAMES.contains(known)) {
            return Optional.of(new StopSignal("SIG" + known));
        }
        Matcher realTime = REAL_TIME.matcher(bare);
        if (!realTime.matches()) {
            return Optional.empty();
        }
        // LXC reads no bare SIGRTMIN
        String sign = realTime.group(1).equals("MIN") ? "+" : "-";
        int distance = realTime.group(3) == null ? 0 : Integer.parseInt(realTime.group(3));
        boolean valid =
                (realTime.group(2) == null || realTime.group(2).equals(sign))
                        && distance <= REAL_TIME_SIGNALS;
        return valid
                ? Optional.of(new StopSignal("SIGRT" + realTime.group(1) + sign + distance))
                : Optional.empty();
    }

    /// Whether it is `SIGTERM`, however the image spells it: what stops a program anywhere.
    public boolean isTerm() {
        return number() == SIGTERM.number();
    }

    /// What kill(2) takes.
    public int number() {
        if (Character.isDigit(name.charAt(0))) {
            return Integer.parseInt(name);
        }
        Matcher realTime = REAL_TIME.matcher(name.substring("SIG".length()));
        if (realTime.matches()) {
            int distance = Integer.parseInt(realTime.group(3));
            return realTime.group(1).equals("MIN")
                    ? REAL_TIME_MINIMUM + distance
                    : HIGHEST - distance;
        }
        return NAMES.indexOf(name.substring("SIG".length())) + 1;
    }
}
