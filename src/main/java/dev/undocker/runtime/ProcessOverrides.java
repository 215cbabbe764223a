package dev.undocker.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
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
                "replace the image's entrypoint and clear its command: one word, or a JSON array"
                        + " of words; an empty word clears",
                words -> entrypoint = words);
        options.text(
                "--cmd",
                "WORDS",
                "replace the image's command: one word, or a JSON array of words; an empty word"
                        + " clears",
                words -> cmd = words);
        options.texts(
                "--env",
                "NAME[=VALUE]",
                "set an environment variable, without VALUE to what it is here; repeatable",
                variables -> env = variables);
        options.text(
                "--user",
                "USER[:GROUP]",
                "run as this user, by name or number",
                name -> user = name);
        options.text(
                "--workdir",
                "PATH",
                "start in this directory of the image",
                directory -> workdir = directory);
        options.text(
                "--stop-signal",
                "SIGNAL",
                "stop with this signal, such as SIGQUIT",
                signal -> stopSignal = signal);
    }

    /// Checks, before there is an image, that the options can be understood.
    ///
    /// @throws UndockerException when a variable has no name, a list of words is broken, or Linux
    ///   has no such signal
    public void validate() {
        applyTo(new ImageConfig.Process(List.of(), List.of(), List.of(), "", "", null));
    }

    /// The image's process with everything that the user gave. An entrypoint of one empty word is
    /// none, whoever says it, as in moby (`daemon/create.go`); a command of one empty word is an
    /// argument like any other.
    ///
    /// @throws UndockerException as [#validate()] does
    ImageConfig.Process applyTo(ImageConfig.Process process) {
        if (stopSignal != null && StopSignal.parse(stopSignal).isEmpty()) {
            throw UndockerException.usage("--stop-signal " + stopSignal + ": no such signal");
        }
        List<String> program =
                entrypoint == null ? process.entrypoint() : words("--entrypoint", entrypoint);
        List<String> imageCmd = entrypoint == null ? process.cmd() : List.of();
        return new ImageConfig.Process(
                program.equals(List.of("")) ? List.of() : program,
                cmd == null ? imageCmd : words("--cmd", cmd),
                variables(process.env()),
                workdir == null ? process.workingDir() : workdir,
                user == null ? process.user() : user,
                stopSignal == null ? process.stopSignal() : stopSignal);
    }

    /// A name alone takes this program's value; where it has none, there is no such variable, not
    /// even the image's own, as with `docker run --env`.
    private List<String> variables(List<String> ofImage) {
        List<String> variables = new ArrayList<>(ofImage);
        for (String variable : env) {
            if (variable.isEmpty() || variable.startsWith("=")) {
                throw UndockerException.usage("--env " + variable + ": has no name");
            }
            String value = System.getenv(variable);
            if (variable.indexOf('=') > 0) {
                variables.add(variable);
            } else if (value != null) {
                variables.add(variable + "=" + value);
            } else {
                variables.removeIf(
                        other -> other.equals(variable) || other.startsWith(variable + "="));
            }
        }
        return variables;
    }

    /// A JSON array of strings where the text begins like one, else one word, as podman reads it.
    private static List<String> words(String option, String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        if (!text.startsWith("[")) {
            return List.of(text);
        }
        try {
            return List.of(
                    new JsonMapper()
                            .readerFor(String[].class)
                            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                            .<String[]>readValue(text));
        } catch (JsonProcessingException | NullPointerException e) {
            throw UndockerException.usage(
                            "%s %s: not a JSON array of strings".formatted(option, text))
                    .withHint("write [\"a\",\"b\"], also for a single word that begins with [");
        }
    }
}
