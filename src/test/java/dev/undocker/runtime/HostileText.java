package dev.undocker.runtime;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

    private final SplittableRandom random;

    public HostileText(long seed) {
        random = new SplittableRandom(seed);
    }

    /// Up to four pieces.
    public String word() {
        return pieces(random.nextInt(5));
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
