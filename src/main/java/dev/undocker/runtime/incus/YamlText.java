package dev.undocker.runtime.incus;

/// Text as a double-quoted YAML scalar (YAML 1.2, 7.3.1) of printable ASCII: every parser reads
/// back the same, and no text ends its line.
final class YamlText {
    private YamlText() {}

    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints()
                .forEach(point -> {
                    if (point == '"' || point == '\\') {
                        quoted.append('\\').appendCodePoint(point);
                    } else if (point >= ' ' && point < 0x7f) {
                        quoted.appendCodePoint(point);
                    } else if (point >= Character.MIN_SURROGATE
                            && point <= Character.MAX_SURROGATE) {
                        // half a pair is no character
                        quoted.append("\\uFFFD");
                    } else {
                        quoted.append("\\U%08X".formatted(point));
                    }
                });
        return quoted.append('"').toString();
    }
}
