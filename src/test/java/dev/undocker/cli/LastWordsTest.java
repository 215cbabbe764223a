package dev.undocker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.testing.Undocker;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// In a process of its own, as it ends one.
class LastWordsTest {
    @ParameterizedTest
    @ValueSource(strings = {"main", "thread", "wrapped"})
    void memoryIsFull(String where) throws Exception {
        Undocker.Result result = run(where);
        assertThat(result.errors())
                .isEqualTo(
                        """
                        undocker: out of memory
                        hint: JAVA_TOOL_OPTIONS=-Xmx4g allows four gigabytes, and so on
                        """);
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.text()).isEqualTo("cleaned up\n");
    }

    @Test
    void mistakesAreSentencesToo() throws Exception {
        Undocker.Result result = run("mistake");
        assertThat(result.errors())
                .startsWith(
                        "undocker: internal error: java.lang.IllegalStateException: odd\nhint: ")
                .doesNotContain("\tat ");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    private static Undocker.Result run(String where) throws Exception {
        return Undocker.program(
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        "-Xmx16m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Failing.class.getName(),
                        where)
                .run();
    }

    /// Fails in one of these ways.
    static final class Failing {
        private Failing() {}

        public static void main(String[] args) throws InterruptedException {
            Thread.setDefaultUncaughtExceptionHandler(new LastWords());
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(() -> System.out.println("cleaned up")));
            switch (args[0]) {
                case "thread" -> {
                    Thread.ofPlatform().start(Failing::fill);
                    Thread.sleep(60_000);
                }
                case "wrapped" -> {
                    try {
                        fill();
                    } catch (OutOfMemoryError e) {
                        throw new IllegalStateException(e);
                    }
                }
                case "mistake" -> throw new IllegalStateException("odd");
                default -> fill();
            }
        }

        private static void fill() {
            List<long[]> all = new ArrayList<>();
            for (int size = 1 << 20; ; size = Math.max(1, size / 2)) {
                try {
                    while (true) {
                        all.add(new long[size]);
                    }
                } catch (OutOfMemoryError e) {
                    if (size == 1) {
                        throw e;
                    }
                }
            }
        }
    }
}
