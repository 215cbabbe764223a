package dev.undocker.image;

import org.jspecify.annotations.Nullable;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// What an image says about itself (image-spec `config.md`). All text is as untrusted as the image.
///
/// @param platform system, architecture and variant the image is made for
/// @param created RFC 3339 time, null when not said
/// @param author null when not said
/// @param process what to run
/// @param volumes paths of volumes, in the config's order
/// @param exposedPorts such as `80/tcp`, in the config's order
/// @param labels in the config's order
/// @param diffIds the layers' diffIDs, base first
public record ImageConfig(
        Platform platform,
        @Nullable String created,
        @Nullable String author,
        Process process,
        List<String> volumes,
        List<String> exposedPorts,
        Map<String, String> labels,
        List<Digest> diffIds) {
    public ImageConfig {
        volumes = List.copyOf(volumes);
        exposedPorts = List.copyOf(exposedPorts);
        labels = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(labels));
        diffIds = List.copyOf(diffIds);
    }

    /// When the image was made, in seconds since 1970; empty when it does not say so in a way that
    /// can be understood.
    public OptionalLong createdSeconds() {
        try {
            return created == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(OffsetDateTime.parse(created).toEpochSecond());
        } catch (DateTimeParseException unknown) {
            return OptionalLong.empty();
        }
    }

    /// The same with volumes that it does not declare itself.
    public ImageConfig withVolumes(List<String> further) {
        Set<String> all = new LinkedHashSet<>(volumes);
        all.addAll(further);
        return new ImageConfig(
                platform,
                created,
                author,
                process,
                List.copyOf(all),
                exposedPorts,
                labels,
                diffIds);
    }

    /// What an image runs.
    ///
    /// @param entrypoint first words of the command line; may be empty
    /// @param cmd the words that follow; may be empty
    /// @param env `NAME=value` entries as written, duplicates and entries without `=` included
    /// @param workingDir empty means the root
    /// @param user `user`, `uid`, `user:group` …; empty means root
    /// @param stopSignal null when not said
    public record Process(
            List<String> entrypoint,
            List<String> cmd,
            List<String> env,
            String workingDir,
            String user,
            @Nullable String stopSignal) {
        public Process {
            entrypoint = List.copyOf(entrypoint);
            cmd = List.copyOf(cmd);
            env = List.copyOf(env);
        }
    }
}
