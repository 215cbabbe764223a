package dev.undocker.runtime;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Seeded words that try to break out of whatever they are written into. They hold no NUL.
public final class HostileText {
    private static final List<String> PIECES =
            List.of(
                    "\n",
                    "\r",
                    "\t",
                    " ",
                    "  ",
                    "'",
                    "\"",
                    "\\",
                    "\\n",
                    "$HOME",
                    "#",
                    ";",
                    "=",
                    "%n",
                    "a",
                    "b c",
                    "é",
                    "\ud83d\ude00",
                    "\u2028",
                    "\u0085",
                    "\u001b[31m",
                    "\u007f",
                    "LXC_NAME",
                    "LXC_ROOTFS",
                    "lxc.hook.pre-start = /bin/touch /pwned",
                    "\nlxc.hook.pre-start = /bin/touch /pwned\n",
                    "\n[Files]\nBind=/:/host\n",
                    "[Exec]",
                    "Boot=yes",
                    "\u000b",
                    "\f",
                    "*",
                    "`id`",
                    "$(id)",
                    "\\040",
                    ":",
                    "/..");

    /// What breaks out of markup, YAML, JSON and shells.
    private static final List<String> MARKUP =
            List.of(
                    "</script><script>alert(1)</script>",
                    "<!--",
                    "]]>",
                    "&lt;",
                    "\"}]}\n",
                    "\\u0041",
                    "\\\"",
                    "---\n",
                    "\n- ",
                    "\n  evil: ",
                    ": ",
                    "&a ",
                    "*a",
                    "!!binary ",
                    "%YAML 1.2\n",
                    "{{ ",
                    "${HOME}",
                    "!!",
                    "&& id",
                    "\u202e",
                    "\u200b",
                    "\ufeff",
                    "\u0001",
                    "\u001b]0;evil\u0007",
                    "\u009b31m",
                    "\ud800",
                    "~",
                    ".\\\" ");

    private final SplittableRandom random;

    public HostileText(long seed) {
        random = new SplittableRandom(seed);
    }

    /// Up to four pieces.
    public String word() {
        return pieces(random.nextInt(5));
    }

    /// Different words of one to six pieces of every kind, halves of characters among them.
    public static List<String> many(int count) {
        List<String> all = Stream.concat(PIECES.stream(), MARKUP.stream()).toList();
        SplittableRandom random = new SplittableRandom(count);
        return Stream.generate(() ->
                        IntStream.range(0, random.nextInt(1, 7))
                                .mapToObj(i -> all.get(random.nextInt(all.size())))
                                .collect(Collectors.joining()))
                .distinct()
                .limit(count)
                .toList();
    }

    /// At least one piece, and no `=`.
    public String name() {
        return pieces(1 + random.nextInt(2)).replace('=', '_');
    }

    public List<String> words(int most) {
        return IntStream.range(0, random.nextInt(most + 1)).mapToObj(i -> word()).toList();
    }

    private String pieces(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> PIECES.get(random.nextInt(PIECES.size())))
                .collect(Collectors.joining());
    }
}
