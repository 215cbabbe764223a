package dev.undocker.output.directory;

import dev.undocker.UndockerException;
import dev.undocker.linux.IdKind;
import dev.undocker.linux.IdRanges;
import dev.undocker.linux.ProcessStatus;

/// The owners on this machine that id maps ask for. A tree that did not get them would be another
/// one than its configuration says, so their lack is never a mere loss.
final class MappedOwners {
    private static final String HINT =
            "run as root, or where these ids exist: unshare --map-root-user"
                    + " --map-users=HOST,HOST,SIZE --map-groups=HOST,HOST,SIZE undocker …";

    private MappedOwners() {}

    /// Without maps there is nothing to ask.
    ///
    /// @throws UndockerException when this process cannot give files to them
    static void require(IdMap uids, IdMap gids) {
        if (uids.isIdentity() && gids.isIdentity()) {
            return;
        }
        ProcessStatus me = ProcessStatus.current();
        require(uids, IdKind.USER, me.uid(), me.givesFiles());
        require(gids, IdKind.GROUP, me.gid(), me.givesFiles());
    }

    private static void require(IdMap map, IdKind kind, int own, boolean givesFiles) {
        for (IdMap.Range range : map.ranges()) {
            if (range.size() == 1 && range.host() == Integer.toUnsignedLong(own)) {
                continue;
            }
            if (!givesFiles) {
                throw refusal(map, range, "without root's rights files cannot get other owners");
            }
            if (!IdRanges.existing(kind).cover(range.host(), range.size())) {
                throw refusal(map, range, "this user namespace does not have these ids");
            }
        }
    }

    private static UndockerException refusal(IdMap map, IdMap.Range range, String why) {
        return new UndockerException(
                        "%s %d:%d:%d: %s"
                                .formatted(
                                        map.option(),
                                        range.container(),
                                        range.host(),
                                        range.size(),
                                        why))
                .withHint(HINT);
    }
}
