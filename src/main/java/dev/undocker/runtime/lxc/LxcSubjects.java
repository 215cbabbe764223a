package dev.undocker.runtime.lxc;

import dev.undocker.runtime.SettingsGrammar;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The lines of an LXC configuration (lxc.container.conf(5)): a key with one value, or with many
/// that stand beside each other, each a subject of its own; a variable of the environment.
public final class LxcSubjects implements SettingsGrammar {
    private static final List<String> COLLECTED =
            List.of("lxc.cap.", "lxc.hook.", "lxc.idmap", "lxc.include", "lxc.mount.entry");

    @Override
    public @Nullable String section(String line) {
        return null;
    }

    @Override
    public String subject(String line) {
        String key = before(line, '=');
        if (key.equals("lxc.environment")) {
            String value = line.substring(line.indexOf('=') + 1).strip();
            return key + " " + before(value.startsWith("\"") ? value.substring(1) : value, '=');
        }
        return COLLECTED.stream().anyMatch(key::startsWith) ? line : key;
    }

    private static String before(String text, char end) {
        int at = text.indexOf(end);
        return at < 0 ? text : text.substring(0, at).strip();
    }
}
