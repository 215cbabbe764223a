package dev.undocker.query.list;

import dev.undocker.rootfs.Inode;

/// Kind and mode of an inode in the ten letters of `ls -l`.
final class ModeText {
    private static final String LETTERS = "rwxrwxrwx";

    /// The bits that stand in the place of an `x`: set-user-id, set-group-id, sticky.
    private static final String SPECIAL = "sst";

    private ModeText() {}

    static String of(Inode inode) {
        int mode = inode.metadata().mode();
        char[] text = new char[1 + LETTERS.length()];
        text[0] = kind(inode);
        for (int i = 0; i < LETTERS.length(); i++) {
            text[1 + i] = (mode >> (8 - i) & 1) != 0 ? LETTERS.charAt(i) : '-';
        }
        for (int i = 0; i < SPECIAL.length(); i++) {
            if ((mode >> (11 - i) & 1) != 0) {
                int at = 3 * (i + 1);
                char letter = SPECIAL.charAt(i);
                text[at] = text[at] == 'x' ? letter : Character.toUpperCase(letter);
            }
        }
        return new String(text);
    }

    private static char kind(Inode inode) {
        return switch (inode) {
            case Inode.Directory _ -> 'd';
            case Inode.RegularFile _ -> '-';
            case Inode.Symlink _ -> 'l';
            case Inode.CharacterDevice _ -> 'c';
            case Inode.BlockDevice _ -> 'b';
            case Inode.Fifo _ -> 'p';
        };
    }
}
