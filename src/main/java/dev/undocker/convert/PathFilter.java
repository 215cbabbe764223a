package dev.undocker.convert;

import dev.undocker.UndockerException;
import dev.undocker.rootfs.RootfsPath;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which paths the user wants, by shell patterns on whole paths from the root on: `*` and `?` stop
/// at a slash, `**` does not, `[…]` is a set of ASCII characters. A pattern that names a directory
/// speaks for everything below it. Exclusion wins; without inclusions everything is included.
///
/// Paths are compared as bytes, so any encoding passes; `?` is one character of UTF-8.
///
/// Used by one thread: it remembers what it has met.
public final class PathFilter implements Predicate<RootfsPath> {
    private final List<Glob> includes;
    private final List<Glob> excludes;

    /// One pattern, and whether a path that it means was met.
    private static final class Glob {
        private final String text;
        private final Pattern pattern;
        private boolean met;

        Glob(byte[] bytes) {
            this.text = RootfsPath.printable(bytes);
            this.pattern = compiled(bytes, text);
        }

        boolean matches(String path) {
            boolean matches = pattern.matcher(path).matches();
            met |= matches;
            return matches;
        }
    }

    /// @param includes patterns as the user types them
    /// @throws UndockerException when a pattern is malformed
    public PathFilter(List<byte[]> includes, List<byte[]> excludes) {
        this.includes = includes.stream().map(Glob::new).toList();
        this.excludes = excludes.stream().map(Glob::new).toList();
    }

    @Override
    public boolean test(RootfsPath path) {
        if (includes.isEmpty() && excludes.isEmpty()) {
            return true;
        }
        String text = new String(path.toBytes(), StandardCharsets.ISO_8859_1);
        return isIncluded(text) && excludes.stream().noneMatch(glob -> glob.matches(text));
    }

    private boolean isIncluded(String path) {
        boolean included = includes.isEmpty();
        for (Glob glob : includes) {
            // those that have met nothing yet are all asked
            if (!(included && glob.met) && glob.matches(path)) {
                included = true;
            }
        }
        return included;
    }

    /// The inclusions that no path asked for so far has matched.
    List<String> withoutMatch() {
        return includes.stream().filter(glob -> !glob.met).map(glob -> glob.text).toList();
    }

    /// @param shown the same in messages
    private static Pattern compiled(byte[] glob, String shown) {
        RootfsPath path;
        try {
            path = RootfsPath.of(glob);
        } catch (UndockerException e) {
            throw UndockerException.usage("pattern %s: %s".formatted(shown, e.sentence()));
        }
        String text = new String(path.toBytes(), StandardCharsets.ISO_8859_1);
        StringBuilder regex = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            switch (c) {
                case '*' -> {
                    if (text.startsWith("*/", i)) {
                        // "**/" is any number of directories, none included
                        regex.append("(?:.*/)?");
                        i += 2;
                    } else if (text.startsWith("*", i)) {
                        regex.append(".*");
                        i++;
                    } else {
                        regex.append("[^/]*");
                    }
                }
                case '?' -> regex.append("[^/\\x80-\\xbf][\\x80-\\xbf]*");
                case '[' -> {
                    int end = text.indexOf(']', i + 1);
                    if (end < 0) {
                        throw UndockerException.usage("pattern %s: [ without ]".formatted(shown));
                    }
                    String set = text.substring(i, end);
                    if (set.chars().anyMatch(member -> member >= 0x80)) {
                        throw UndockerException.usage(
                                "pattern %s: [ ] takes ASCII alone".formatted(shown));
                    }
                    boolean negated = set.startsWith("!") || set.startsWith("^");
                    regex.append(
                            negated
                                    ? "[^/\\x80-\\xbf%s][\\x80-\\xbf]*"
                                            .formatted(quoted(set.substring(1)))
                                    : "(?!/)[%s]".formatted(quoted(set)));
                    i = end + 1;
                }
                case '\\' -> {
                    if (i < text.length()) {
                        regex.append(Pattern.quote(text.substring(i, ++i)));
                    }
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex + "(?:/.*)?", Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw UndockerException.usage("pattern %s: %s".formatted(shown, e.getDescription()));
        }
    }

    /// A set's members without their meaning in Java's sets, but for ranges.
    private static String quoted(String set) {
        return set.replaceAll("([\\\\\\[\\]&^])", "\\\\$1");
    }
}
