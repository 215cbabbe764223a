package dev.undocker.runtime.nspawn;

import java.util.ArrayList;
import java.util.List;

/// How systemd reads a settings file, written from systemd.syntax(7) and from what systemd-nspawn
/// was seen to do: shell-like quotes whose pieces join, backslashes that mean nothing but a
/// continuation at the line's end.
record NspawnModel(List<Item> items) {
    record Item(String section, String key, String value) {}

    static NspawnModel parse(String text) {
        List<Item> items = new ArrayList<>();
        String section = "";
        String pending = "";
        for (String raw : text.split("[\n\r\0]")) {
            String line = strip(pending + raw);
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            int backslashes = line.length() - line.replaceAll("\\\\+\\z", "").length();
            if (backslashes % 2 == 1) {
                pending = line.substring(0, line.length() - 1) + " ";
                continue;
            }
            pending = "";
            if (line.startsWith("[") && line.endsWith("]")) {
                section = line.substring(1, line.length() - 1);
            } else {
                int equals = line.indexOf('=');
                items.add(
                        new Item(
                                section,
                                strip(line.substring(0, equals)),
                                strip(line.substring(equals + 1))));
            }
        }
        return new NspawnModel(items);
    }

    List<String> all(String key) {
        return items.stream().filter(i -> i.key().equals(key)).map(Item::value).toList();
    }

    List<String> words(String key) {
        return all(key).stream().flatMap(value -> words(value, key).stream()).toList();
    }

    private static List<String> words(String value, String key) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        char quote = 0;
        for (char c : value.toCharArray()) {
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == ' ' || c == '\t') {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
            } else {
                word = word == null ? new StringBuilder() : word;
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
        }
        if (quote != 0) {
            throw new AssertionError("unclosed quote in " + key + "=" + value);
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }

    private static String strip(String text) {
        return text.replaceAll("^[ \t]+|[ \t]+\\z", "");
    }
}
