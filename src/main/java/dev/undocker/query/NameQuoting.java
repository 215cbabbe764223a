package dev.undocker.query;

import dev.undocker.rootfs.PrintableCharacter;

import java.io.ByteArrayOutputStream;

/// How names of an image are shown. On a terminal that is as `ls --quoting-style=shell-escape`
/// shows them: what a shell would not take as it stands is quoted, so that it can be copied there,
/// and what the terminal could obey is escaped. Beyond what ls escapes, so are format characters,
/// which can turn the direction of writing, and others that [PrintableCharacter] does not know.
public enum NameQuoting {
    /// The bytes as they are, for readers that are no terminals.
    LITERAL,
    /// For terminals that show UTF-8.
    UTF_8,
    /// For terminals of which nothing is known but that they show ASCII: the locale `C`.
    ASCII;

    /// A quotation mark is needed around names with these, as some shell takes them for something
    /// else.
    private static final String SPECIAL = " !\"$&'()*;<=>?[\\^`|";

    /// Special in front only.
    private static final String SPECIAL_IN_FRONT = "#~";

    /// Special when nothing else is there.
    private static final String SPECIAL_ALONE = "{}";

    /// In double quotes these would be special, or are in some shell.
    private static final String NOT_IN_DOUBLE_QUOTES = "!\"#$&()*;<=>?[\\^`{|}~";

    private static final String CONTROLS = "\007\b\t\n\013\f\r";
    private static final String CONTROL_LETTERS = "abtnvfr";

    /// The name as it is shown, in the encoding of the terminal.
    ///
    /// @param name is not changed
    /// @return the same array when nothing has to be quoted
    public byte[] quoted(byte[] name) {
        if (this == LITERAL || !needsQuotes(name)) {
            return name;
        }
        return fitsDoubleQuotes(name) ? inDoubleQuotes(name) : inSingleQuotes(name);
    }

    private boolean needsQuotes(byte[] name) {
        if (name.length == 0
                || SPECIAL_IN_FRONT.indexOf(name[0]) >= 0
                || (name.length == 1 && SPECIAL_ALONE.indexOf(name[0]) >= 0)) {
            return true;
        }
        int count;
        for (int at = 0; at < name.length; at += count) {
            count = printable(name, at);
            if (count == 0 || SPECIAL.indexOf(name[at]) >= 0) {
                return true;
            }
        }
        return false;
    }

    /// True when there is an apostrophe, and nothing else that double quotes would not hide.
    private boolean fitsDoubleQuotes(byte[] name) {
        boolean apostrophe = false;
        int count;
        for (int at = 0; at < name.length; at += count) {
            count = printable(name, at);
            boolean harmless =
                    NOT_IN_DOUBLE_QUOTES.indexOf(name[at]) < 0
                            || (at == 0 && SPECIAL_IN_FRONT.indexOf(name[at]) >= 0);
            if (count == 0 || !harmless) {
                return false;
            }
            apostrophe |= name[at] == '\'';
        }
        return apostrophe;
    }

    private static byte[] inDoubleQuotes(byte[] name) {
        byte[] quoted = new byte[name.length + 2];
        quoted[0] = '"';
        System.arraycopy(name, 0, quoted, 1, name.length);
        quoted[name.length + 1] = '"';
        return quoted;
    }

    /// Escapes stand in `$'…'`, to which and from which single quotes lead: `'a'$'\n''b'`.
    private byte[] inSingleQuotes(byte[] name) {
        ByteArrayOutputStream quoted = new ByteArrayOutputStream(2 * name.length + 2);
        quoted.write('\'');
        boolean escaping = false;
        int at = 0;
        while (at < name.length) {
            int count = printable(name, at);
            if (count == 0) {
                if (!escaping) {
                    quoted.writeBytes(new byte[] {'\'', '$', '\''});
                    escaping = true;
                }
                escape(name[at], quoted);
                at++;
            } else if (name[at] == '\'') {
                quoted.writeBytes(new byte[] {'\'', '\\', '\'', '\''});
                escaping = false;
                at++;
            } else {
                if (escaping) {
                    quoted.writeBytes(new byte[] {'\'', '\''});
                    escaping = false;
                }
                quoted.write(name, at, count);
                at += count;
            }
        }
        quoted.write('\'');
        return quoted.toByteArray();
    }

    private static void escape(byte b, ByteArrayOutputStream quoted) {
        quoted.write('\\');
        int known = CONTROLS.indexOf(b);
        if (known >= 0) {
            quoted.write(CONTROL_LETTERS.charAt(known));
        } else {
            quoted.write('0' + ((b & 0xff) >> 6));
            quoted.write('0' + ((b >> 3) & 7));
            quoted.write('0' + (b & 7));
        }
    }

    /// How many bytes the character at this place has; 0 where it is to be escaped.
    private int printable(byte[] name, int at) {
        return this == ASCII && name[at] < 0 ? 0 : PrintableCharacter.length(name, at, name.length);
    }
}
