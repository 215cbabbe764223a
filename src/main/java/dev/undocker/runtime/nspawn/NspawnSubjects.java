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

    /// An odd number of backslashes at the end (systemd.syntax(7)).
    @Override
    public boolean continues(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
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
