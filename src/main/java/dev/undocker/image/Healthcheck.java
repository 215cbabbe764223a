package dev.undocker.image;

import java.util.List;

/// How Docker finds out whether a container works; no other runtime reads it
/// (<https://docs.docker.com/reference/dockerfile/#healthcheck>).
///
/// @param test `NONE`, or `CMD` and words, or `CMD-SHELL` and a line
/// @param intervalNanos between two checks, 0 when not said
/// @param timeoutNanos after which a check has failed, 0 when not said
/// @param startPeriodNanos in which failures do not count, 0 when not said
/// @param retries how many failures in a row make it unhealthy, 0 when not said
public record Healthcheck(
        List<String> test,
        long intervalNanos,
        long timeoutNanos,
        long startPeriodNanos,
        long retries) {
    public Healthcheck {
        test = List.copyOf(test);
    }
}
