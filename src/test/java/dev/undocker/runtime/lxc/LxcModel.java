package dev.undocker.runtime.lxc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How LXC reads a configuration, written from its documentation and behaviour: see `parse_line` in
/// `confile.c`, and `lxc_string_split_quoted` for LXC 6.
record LxcModel(List<Map.Entry<String, String>> items) {
    static LxcModel parse(String text) {
        List<Map.Entry<String, String>> items = new ArrayList<>();
        for (String line : text.split("[\r\n\0]")) {
            String trimmed = trim(line);
            if (!trimmed.startsWith("#") && trimmed.startsWith("lxc.")) {
                int equals = trimmed.indexOf('=');
                items.add(
                        Map.entry(
                                trim(trimmed.substring(0, equals)),
                                unquote(trim(trimmed.substring(equals + 1)))));
            }
        }
        return new LxcModel(items);
    }

    List<String> all(String key) {
        return items.stream().filter(i -> i.getKey().equals(key)).map(Map.Entry::getValue).toList();
    }

    /// `strtok(" ")`.
    List<String> command5() {
        return all("lxc.init.cmd").stream()
                .flatMap(value -> List.of(value.split(" +")).stream())
                .toList();
    }

    List<String> command6() {
        List<String> words = new ArrayList<>();
        for (String value : all("lxc.init.cmd")) {
            int at = 0;
            while (at < value.length()) {
                char first = value.charAt(at);
                if (" \t\n\u000b\f\r".indexOf(first) >= 0) {
                    at++;
                } else if (first == '"' || first == '\'') {
                    int end = value.indexOf(first, at + 1);
                    if (end < 0) {
                        return words;
                    }
                    words.add(value.substring(at + 1, end));
                    at = end + 1;
                } else {
                    int end = at;
                    while (end < value.length()
                            && " \t\n\u000b\f\r".indexOf(value.charAt(end)) < 0) {
                        end++;
                    }
                    words.add(value.substring(at, end));
                    at = end;
                }
            }
        }
        return words;
    }

    private static String trim(String text) {
        return text.replaceAll("^[ \t]+|[ \t]+\\z", "");
    }

    private static String unquote(String value) {
        int last = value.length() - 1;
        boolean outer =
                last > 0
                        && value.charAt(0) == value.charAt(last)
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'');
        return outer ? value.substring(1, last) : value;
    }
}
