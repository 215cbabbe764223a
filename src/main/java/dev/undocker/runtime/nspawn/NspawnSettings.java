package dev.undocker.runtime.nspawn;

import dev.undocker.UndockerException;
import dev.undocker.Warnings;
import dev.undocker.image.ImageConfig;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.RootfsView;
import dev.undocker.runtime.EnvironmentVariable;
import dev.undocker.runtime.ProcessDescription;
import dev.undocker.runtime.ProcessUser;
import dev.undocker.runtime.RuntimeMounts;
import dev.undocker.runtime.Volume;
import dev.undocker.runtime.VolumePolicy;
import dev.undocker.runtime.Volumes;
import dev.undocker.runtime.launcher.Launcher;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of a settings file (systemd.nspawn(5)) for one image.
public final class NspawnSettings {
    /// Where the file will lie, which decides what systemd-nspawn honours.
    public enum Trust {
        /// Beside the machine: network and mounts are ignored there, and written as comments.
        UNTRUSTED,
        /// In `/etc/systemd/nspawn` or `/run/systemd/nspawn`.
        TRUSTED
    }

    /// With `--oci-bundle` too. `SYSTEMD_NSPAWN_TMPFS_TMP=0` in its environment leaves `/tmp`
    /// alone.
    public static final RuntimeMounts MOUNTS =
            new RuntimeMounts("systemd-nspawn", List.of("/run", "/tmp"));

    private static final Pattern PORT = Pattern.compile("([1-9]\\d{0,4})(?:/(tcp|udp))?");
    private static final int HIGHEST_PORT = 65535;
    private static final Pattern USER_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]*");

    private final ImageConfig image;
    private final ProcessDescription process;
    private final @Nullable Launcher launcher;
    private final StringBuilder text = new StringBuilder();

    private NspawnSettings(
            ImageConfig image, ProcessDescription process, @Nullable Launcher launcher) {
        this.image = image;
        this.process = process;
        this.launcher = launcher;
    }

    /// @param launcher null when the root file system has none; then what the settings cannot
    ///   express is left out, with a warning for each thing
    public static String text(
            ImageConfig image,
            ProcessDescription process,
            @Nullable Launcher launcher,
            Volumes volumes,
            Trust trust,
            RootfsView rootfs,
            Warnings warnings) {
        NspawnSettings settings = new NspawnSettings(image, process, launcher);
        settings.execution();
        settings.environment();
        settings.surroundings(trust, mounts(volumes, warnings));
        settings.comments();
        if (launcher == null) {
            for (String limit : NspawnLimits.of(process, rootfs)) {
                warnings.warn("not exact in the nspawn settings: " + limit);
            }
        } else if (!launcher.setsUser() && !NspawnLimits.canBecome(process.user(), rootfs)) {
            warnings.warn("not exact in the nspawn settings: a shell cannot change the user");
        }
        return settings.text.toString();
    }

    private void execution() {
        text.append("[Exec]\n");
        // Parameters= counts only where the start mode is said
        line("Boot", "no");
        List<String> argv = launcher == null ? process.argv() : List.of(launcher.command());
        if (NspawnGrammar.holds(argv)) {
            line("Parameters", NspawnGrammar.words(argv));
        }
        if (launcher == null && NspawnGrammar.holdsBare(process.workingDirectory())) {
            line("WorkingDirectory", process.workingDirectory());
        }
        if ((launcher == null || !launcher.setsUser()) && !process.user().isPlainRoot()) {
            line("User", userName(process.user()));
        }
        // without it the program is killed at once
        line("KillSignal", process.stopSignal().name());
    }

    private static String userName(ProcessUser user) {
        String name = user.name();
        return name != null && USER_NAME.matcher(name).matches() ? name : Long.toString(user.uid());
    }

    private void environment() {
        if (launcher != null && launcher.setsEnvironment()) {
            return;
        }
        List<EnvironmentVariable> variables = new ArrayList<>(process.environment());
        if (launcher != null && launcher.setsUser() && !process.user().isPlainRoot()) {
            // systemd-nspawn believes that root is started
            addAbsent(variables, "USER");
            addAbsent(variables, "LOGNAME");
        }
        variables.stream()
                .filter(NspawnGrammar::holds)
                .forEach(v -> line("Environment", NspawnGrammar.word(v.assignment())));
    }

    private void addAbsent(List<EnvironmentVariable> variables, String name) {
        if (variables.stream().noneMatch(variable -> variable.name().equals(name))) {
            variables.add(new EnvironmentVariable(name, userName(process.user())));
        }
    }

    private void surroundings(Trust trust, List<String> mounts) {
        List<String> lines = new ArrayList<>();
        List<String> ports =
                image.exposedPorts().stream()
                        .map(NspawnSettings::port)
                        .filter(Objects::nonNull)
                        .toList();
        if (!ports.isEmpty()) {
            lines.addAll(List.of("[Network]", "Private=yes", "VirtualEthernet=yes"));
            ports.forEach(port -> lines.add("Port=" + port));
        }
        if (!mounts.isEmpty()) {
            lines.add("[Files]");
            lines.addAll(mounts);
        }
        if (lines.isEmpty()) {
            return;
        }
        text.append('\n');
        switch (trust) {
            case TRUSTED -> lines.forEach(line -> text.append(line).append('\n'));
            case UNTRUSTED -> {
                comment("only honoured in /etc/systemd/nspawn:");
                lines.forEach(this::comment);
            }
        }
    }

    private static @Nullable String port(String exposed) {
        Matcher matcher = PORT.matcher(exposed);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > HIGHEST_PORT) {
            return null;
        }
        String protocol = matcher.group(2) == null ? "tcp" : matcher.group(2);
        return protocol + ":" + matcher.group(1) + ":" + matcher.group(1);
    }

    private static List<String> mounts(Volumes volumes, Warnings warnings) {
        volumes.warnOfHiddenContent("systemd-nspawn", warnings);
        List<String> lines = new ArrayList<>();
        for (Volume volume : volumes.all()) {
            String path = volume.mountPoint();
            String line =
                    switch (volumes.policy()) {
                        case VolumePolicy.Directory() -> null;
                        case VolumePolicy.Tmpfs() ->
                                "TemporaryFileSystem=%s:%s".formatted(path, volume.tmpfsOptions());
                        case VolumePolicy.Bind bind ->
                                "Bind=%s:%s".formatted(bind.source(volume), path);
                    };
            if (line == null) {
                continue;
            }
            if (isMountable(path)) {
                lines.add(line);
            } else {
                warnings.warn(
                        "volume %s: not mounted: systemd-nspawn cannot hold its name"
                                .formatted(path));
            }
        }
        return lines;
    }

    /// A colon would end the path, a backslash begin an escape.
    private static boolean isMountable(String path) {
        return NspawnGrammar.holdsBare(path) && path.indexOf(':') < 0 && path.indexOf('\\') < 0;
    }

    /// @throws UndockerException when systemd-nspawn cannot hold the name of a directory to mount
    public static void requireMountable(VolumePolicy volumes) {
        if (volumes instanceof VolumePolicy.Bind(String directory) && !isMountable(directory)) {
            throw UndockerException.usage(
                    "--volumes bind:%s: systemd-nspawn cannot mount this directory"
                            .formatted(directory));
        }
    }

    private void comments() {
        image.exposedPorts().forEach(port -> comment("exposed port: " + port));
        image.volumes().forEach(volume -> comment("volume: " + volume));
        image.labels().forEach((name, value) -> comment("label: " + name + "=" + value));
    }

    private void line(String key, String value) {
        text.append(key).append('=').append(value).append('\n');
    }

    private void comment(String comment) {
        text.append("# ")
                .append(RootfsPath.printable(comment.getBytes(StandardCharsets.UTF_8)))
                .append('\n');
    }
}
