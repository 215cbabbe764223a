package dev.undocker.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.undocker.UndockerException;
import dev.undocker.image.ImageConfig;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/// What the user wants otherwise than the image; a picocli mixin for every writer that starts
/// something. The words are podman's.
public final class ProcessOverrides {
    @Option(
            names = "--entrypoint",
            paramLabel = "WORDS",
            description =
                    "replace the image's entrypoint and clear its command: one word, or a JSON"
                            + " array; an empty word clears")
    private @Nullable String entrypoint;

    @Option(
            names = "--cmd",
            paramLabel = "WORDS",
            description = "replace the image's command: one word, or a JSON array")
    private @Nullable String cmd;

    @Option(
            names = "--env",
            paramLabel = "NAME=VALUE",
            description = "set an environment variable; repeatable")
    private List<String> env = new ArrayList<>();

    @Option(
            names = "--user",
            paramLabel = "USER[:GROUP]",
            description = "run as this user, by name or number")
    private @Nullable String user;

    @Option(
            names = "--workdir",
            paramLabel = "DIRECTORY",
            description = "start in this directory of the image")
    private @Nullable String workdir;

    @Option(
            names = "--stop-signal",
            paramLabel = "SIGNAL",
            description = "stop with this signal, such as SIGQUIT")
    private @Nullable String stopSignal;

    /// The image's process with everything that the user gave.
    ///
    /// @throws UndockerException when a variable has no `=` or Linux has no such signal
    ImageConfig.Process applyTo(ImageConfig.Process process) {
        List<String> variables = new ArrayList<>(process.env());
        for (String variable : env) {
            if (variable.indexOf('=') < 1) {
                throw new UndockerException("--env " + variable + ": not of the form NAME=VALUE");
            }
            variables.add(variable);
        }
        if (stopSignal != null && StopSignal.parse(stopSignal).isEmpty()) {
            throw new UndockerException("--stop-signal " + stopSignal + ": no such signal");
        }
        List<String> imageCmd = entrypoint == null ? process.cmd() : List.of();
        return new ImageConfig.Process(
                entrypoint == null ? process.entrypoint() : words(entrypoint),
                cmd == null ? imageCmd : words(cmd),
                variables,
                workdir == null ? process.workingDir() : workdir,
                user == null ? process.user() : user,
                stopSignal == null ? process.stopSignal() : stopSignal);
    }

    /// As podman reads it: a JSON array of strings, and whatever is none as one word.
    private static List<String> words(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (text.startsWith("[")) {
            try {
                return List.of(new JsonMapper().readValue(text, String[].class));
            } catch (JsonProcessingException | NullPointerException e) {
                return List.of(text);
            }
        }
        return List.of(text);
    }
}
