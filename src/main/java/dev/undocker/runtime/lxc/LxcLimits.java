package dev.undocker.runtime.lxc;

import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessDescription;

import java.util.ArrayList;
import java.util.List;

/// What an LXC configuration cannot say of a process.
public final class LxcLimits {
    private LxcLimits() {}

    /// One clause for each thing, such as `the command line has words that …`; empty when the
    /// configuration alone is exact.
    public static List<String> of(ProcessDescription process, LxcVersion version) {
        List<String> obstacles = new ArrayList<>();
        if (LxcGrammar.command(process.argv(), version).isEmpty()) {
            obstacles.add(command(process, version));
        }
        for (EnvironmentVariable variable : process.environment()) {
            if (!LxcGrammar.holds(variable.assignment())) {
                obstacles.add(environment(variable));
            }
        }
        if (!LxcGrammar.holds(process.workingDirectory())) {
            obstacles.add("working directory " + process.workingDirectory() + reason());
        }
        if (version == LxcVersion.V5 && !process.user().groups().isEmpty()) {
            obstacles.add("supplementary groups: LXC 5 drops them in a user namespace");
        }
        return obstacles;
    }

    private static String command(ProcessDescription process, LxcVersion version) {
        String first =
                process.argv().stream()
                        .filter(word -> LxcGrammar.command(List.of(word), version).isEmpty())
                        .findFirst()
                        .orElse("");
        return "command line: LXC cannot hold the argument '" + first + "'";
    }

    private static String environment(EnvironmentVariable variable) {
        return "environment variable " + variable.name() + reason();
    }

    private static String reason() {
        return ": it holds control characters or a word that lxc-create replaces";
    }
}
