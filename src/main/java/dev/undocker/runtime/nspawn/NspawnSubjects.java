package dev.undocker.runtime.nspawn;

import dev.undocker.runtime.SettingsGrammar;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// The lines of a settings file (systemd.nspawn(5)): sections; a key with one value, or with many
/// that stand beside each other, each a subject of its own; a variable of the environment.
public final class NspawnSubjects implements SettingsGrammar {
    private static final Set<String> COLLECTED =
            Set.of(
                    "Bind",
                    "BindReadOnly",
                    "BindUser",
                    "Capability",
                    "DropCapability",
                    "Inaccessible",
                    "Interface",
                    "IPVLAN",
                    "MACVLAN",
                    "Overlay",
                    "OverlayReadOnly",
                    "Port",
                    "SystemCallFilter",
                    "TemporaryFileSystem",
                    "VirtualEthernetExtra");

    @Override
    public @Nullable String section(String line) {
        return line.startsWith("[") && line.endsWith("]") ? line : null;
    }

    @Override
    public String subject(String line) {
        String[] parts = line.split("=", 3);
        String key = parts[0].strip();
        if (key.equals("Environment") && parts.length > 1) {
            String name = parts[1].strip();
            return key + " " + (name.startsWith("\"") ? name.substring(1) : name);
        }
        return COLLECTED.contains(key) ? line : key;
    }
}
