package dev.undocker.source.daemon;

import dev.undocker.UndockerException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An image in a storage of podman, buildah and skopeo, `[STORE]NAME[:TAG][@DIGEST|@ID]`, where
/// STORE is `[[DRIVER@]ROOT[+RUNROOT][:OPTION,…]]` in brackets (containers-transports(5)).
///
/// @param text as the user wrote it
/// @param store with its brackets; empty for the user's own one
record StoredImage(String text, String store, EngineImage image) {
    private static final String TRANSPORT = "containers-storage:";

    private static final Pattern STORE =
            Pattern.compile(
                    "\\[(?:(?<driver>[^@\\]]*)@)?(?<root>[^@+:\\]]*)(?:\\+(?<run>[^:\\]]*))?"
                            + "(?::(?<options>[^\\]]*))?]");

    private static final Pattern WITH_ID = Pattern.compile("(?:[^@]*)@(?<id>[0-9a-f]{64})");

    /// @throws UndockerException about a mistake in the command line
    static StoredImage parse(String rest) {
        Matcher store = STORE.matcher(rest);
        // an address as the name's host is no store: it is followed by a slash or a port
        boolean elsewhere = store.lookingAt() && !isHost(rest.substring(store.end()));
        String words = elsewhere ? rest.substring(store.end()) : rest;
        if (words.isEmpty()) {
            throw UndockerException.usage("%s%s: no image".formatted(TRANSPORT, rest))
                    .withHint("write containers-storage:NAME:TAG");
        }
        Matcher id = WITH_ID.matcher(words);
        return new StoredImage(
                TRANSPORT + rest,
                elsewhere ? store.group() : "",
                id.matches()
                        ? new EngineImage.Identified(id.group("id"))
                        : EngineImage.parse(TRANSPORT, words));
    }

    private static boolean isHost(String behind) {
        return behind.startsWith("/") || behind.startsWith(":");
    }

    /// What podman calls it.
    String name() {
        return switch (image) {
            case EngineImage.Named named -> named.whole();
            case EngineImage.Identified identified -> identified.hex();
        };
    }

    /// podman with its options for this storage (podman(1)).
    List<String> podman(String program) {
        List<String> command = new ArrayList<>(List.of(program));
        Matcher matcher = STORE.matcher(store);
        if (matcher.matches()) {
            Map<String, @Nullable String> options = new TreeMap<>();
            options.put("--root", matcher.group("root"));
            options.put("--runroot", matcher.group("run"));
            options.put("--storage-driver", matcher.group("driver"));
            options.forEach((option, value) -> {
                if (value != null && !value.isEmpty()) {
                    command.add(option + "=" + value);
                }
            });
            String more = matcher.group("options");
            for (String option : more == null || more.isEmpty() ? new String[0] : more.split(",")) {
                command.add("--storage-opt=" + option);
            }
        }
        command.addAll(List.of("save", "--quiet", "--format=docker-archive", name()));
        return command;
    }

    List<String> skopeo(String program) {
        String reference =
                switch (image) {
                    case EngineImage.Named named -> named.whole();
                    case EngineImage.Identified identified -> "@" + identified.hex();
                };
        return List.of(
                program,
                "copy",
                "--quiet",
                TRANSPORT + store + reference,
                "docker-archive:/dev/stdout");
    }

    @Override
    public String toString() {
        return text;
    }
}
