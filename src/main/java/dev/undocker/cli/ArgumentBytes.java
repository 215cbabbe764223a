package dev.undocker.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Arguments as the bytes that they are. The Java runtime decodes them by the locale and puts
/// U+FFFD in place of what it cannot decode; Linux still has them (proc_pid_cmdline(5)). Here such
/// a byte becomes half a character, which no text has: U+DC00 and the byte. So an argument stays a
/// string, and what was typed can be had of it again.
final class ArgumentBytes {
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

    private static final char UNKNOWN = '\ufffd';
    private static final char BYTE = '\udc00';

    private ArgumentBytes() {}

    /// The arguments of this process with all their bytes.
    ///
    /// @param args as Java has decoded them; those of which Linux knows nothing else come back
    static String[] restored(String... args) {
        return Arrays.stream(args).anyMatch(arg -> arg.indexOf(UNKNOWN) >= 0)
                ? restored(commandLine(), args)
                : args;
    }

    /// @param words all words of the command line, which ends with the arguments
    private static String[] restored(List<byte[]> words, String... args) {
        int before = words.size() - args.length;
        String[] restored = args.clone();
        for (int i = 0; i < args.length && before >= 0; i++) {
            byte[] word = words.get(before + i);
            if (new String(word, locale()).equals(args[i])) {
                restored[i] = decoded(word);
            }
        }
        return restored;
    }

    private static List<byte[]> commandLine() {
        List<byte[]> words = new ArrayList<>();
        try {
            byte[] all = Files.readAllBytes(COMMAND_LINE);
            int from = 0;
            for (int at = 0; at < all.length; at++) {
                if (all[at] == 0) {
                    words.add(Arrays.copyOfRange(all, from, at));
                    from = at + 1;
                }
            }
        } catch (IOException e) {
            // no /proc: then nobody knows better
        }
        return words;
    }

    /// What Java decodes arguments by; another one in each run.
    private static Charset locale() {
        return Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }

    private static String decoded(byte[] word) {
        CharsetDecoder decoder = locale().newDecoder();
        ByteBuffer in = ByteBuffer.wrap(word);
        CharBuffer out = CharBuffer.allocate(2 * word.length + 2);
        while (true) {
            CoderResult result = decoder.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (BYTE + (in.get() & 0xff)));
            }
        }
    }

    /// What was typed.
    static byte[] of(String argument) {
        Charset locale = locale();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        argument.codePoints()
                .forEach(point -> {
                    if (isByte(point)) {
                        bytes.write(point - BYTE);
                    } else {
                        bytes.writeBytes(Character.toString(point).getBytes(locale));
                    }
                });
        return bytes.toByteArray();
    }

    /// True when the locale can say all of it.
    static boolean isText(String argument) {
        return argument.codePoints().noneMatch(point -> point == UNKNOWN || isByte(point));
    }

    /// The same argument where it is shown: bytes of another encoding are, in UTF-8.
    static byte[] shown(String argument) {
        return argument.codePoints().noneMatch(ArgumentBytes::isByte)
                ? argument.getBytes(StandardCharsets.UTF_8)
                : of(argument);
    }

    private static boolean isByte(int point) {
        return point >= BYTE && point <= BYTE + 0xff;
    }
}
