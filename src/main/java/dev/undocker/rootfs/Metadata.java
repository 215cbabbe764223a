package dev.undocker.rootfs;

import java.util.List;

/// What an inode carries beside its content.
///
/// @param mode the twelve permission bits, set-id and sticky bits included
/// @param uid numeric owner, 0 to 2³²−2
/// @param gid numeric group, 0 to 2³²−2
/// @param mtimeSeconds modification time in seconds since 1970, negative before
/// @param mtimeNanos 0 to 999,999,999, to be added to the seconds
/// @param xattrs extended attributes, sorted by name as unsigned bytes, each name once
public record Metadata(
        int mode, long uid, long gid, long mtimeSeconds, int mtimeNanos, List<Xattr> xattrs) {
    /// A directory that no layer describes: image-spec gives no answer, every engine says 0755 0:0.
    /// The time is fixed so that all forms of an image give the same bytes.
    public static final Metadata IMPLIED_DIRECTORY = new Metadata(0755, 0, 0, 0, 0, List.of());

    public Metadata {
        if ((mode & ~07777) != 0) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode));
        }
        if (mtimeNanos < 0 || mtimeNanos > 999_999_999) {
            throw new IllegalArgumentException("nanoseconds " + mtimeNanos);
        }
        xattrs = List.copyOf(xattrs);
    }

    /// The same with a modification time of at most `seconds`; newer ones become exactly that
    /// (<https://reproducible-builds.org/specs/source-date-epoch/>).
    public Metadata clampedTo(long seconds) {
        return mtimeSeconds < seconds || (mtimeSeconds == seconds && mtimeNanos == 0)
                ? this
                : new Metadata(mode, uid, gid, seconds, 0, xattrs);
    }
}
