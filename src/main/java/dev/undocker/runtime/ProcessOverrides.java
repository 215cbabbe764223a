package dev.undocker.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.undocker.Options;
import dev.undocker.UndockerException;
import dev.undocker.image.ImageConfig;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// What the user wants otherwise than the image: options of every writer that starts something. The
/// words are podman's.
public final class ProcessOverrides {
    private @Nullable String entrypoint;
    private @Nullable String cmd;
    private List<String> env = List.of();
    private @Nullable String user;
    private @Nullable String workdir;
    private @Nullable String stopSignal;

    /// Adds the options.
    public void declare(Options options) {
        options.text(
                "--entrypoint",
                "WORDS",
                "replace the image's entrypoint and clear its command: one word, or a JSON array;"
                        + " an empty word clears",
                words -> entrypoint = words);
        options.text(
                "--cmd",
                "WORDS",
                "replace the image's command: one word, or a JSON array",
                words -> cmd = words);
        options.texts(
                "--env",
                "NAME=VALUE",
                "set an environment variable; repeatable",
                variables -> env = variables);
        options.text(
                "--user",
                "USER[:GROUP]",
                "run as this user, by name or number",
                name -> user = name);
        options.text(
                "--workdir",
                "DIRECTORY",
                "start in this directory of the image",
                directory -> workdir = directory);
        options.text(
                "--stop-signal",
                "SIGNAL",
                "stop with this signal, such as SIGQUIT",
                signal -> stopSignal = signal);
    }

    /// The image's process with everything that the user gave. An entrypoint of one empty word is
    /// none, whoever says it, as in moby (`daemon/create.go`); a command of one empty word is an
    /// argument like any other.
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
        List<String> program = entrypoint == null ? process.entrypoint() : words(entrypoint);
        List<String> imageCmd = entrypoint == null ? process.cmd() : List.of();
        return new ImageConfig.Process(
                program.equals(List.of("")) ? List.of() : program,
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
