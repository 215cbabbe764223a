package dev.undocker.output.directory;

import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Shifts the ids inside attributes, so that they mean the same in a user namespace with that map:
/// the named users and groups of ACLs (`include/uapi/linux/posix_acl_xattr.h`), and the root user
/// for whom file capabilities count (`include/uapi/linux/capability.h`): without one, version 2,
/// the kernel ignores them in a user namespace (capabilities(7), "File capability extended
/// attribute versioning"). A value of unknown form stays as it is. Immutable.
final class ShiftedXattr {
    private static final byte[] CAPABILITY =
            "security.capability".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ACCESS_ACL =
            "system.posix_acl_access".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DEFAULT_ACL =
            "system.posix_acl_default".getBytes(StandardCharsets.US_ASCII);
    private static final int VERSION_MASK = 0xff000000;
    private static final int VERSION_2 = 0x02000000;
    private static final int VERSION_2_SIZE = 20;
    private static final int VERSION_3 = 0x03000000;
    private static final int VERSION_3_SIZE = 24;
    private static final int ACL_HEADER = 4;
    private static final int ACL_ENTRY = 8;
    private static final short ACL_USER = 2;
    private static final short ACL_GROUP = 8;

    private final IdMap uids;
    private final IdMap gids;

    ShiftedXattr(IdMap uids, IdMap gids) {
        this.uids = uids;
        this.gids = gids;
    }

    /// @throws dev.undocker.UndockerException when an id is outside every range
    byte[] value(Xattr xattr, RootfsPath path) {
        if (Arrays.equals(xattr.name(), CAPABILITY)) {
            return capability(xattr.value(), path);
        }
        return Arrays.equals(xattr.name(), ACCESS_ACL) || Arrays.equals(xattr.name(), DEFAULT_ACL)
                ? acl(xattr.value(), path)
                : xattr.value();
    }

    private byte[] capability(byte[] value, RootfsPath path) {
        byte[] shifted = Arrays.copyOf(value, VERSION_3_SIZE);
        ByteBuffer fields = ByteBuffer.wrap(shifted).order(ByteOrder.LITTLE_ENDIAN);
        int magic = fields.getInt(0);
        int version = magic & VERSION_MASK;
        if (version == VERSION_2 && value.length == VERSION_2_SIZE) {
            fields.putInt(0, magic & ~VERSION_MASK | VERSION_3);
        } else if (version != VERSION_3 || value.length != VERSION_3_SIZE) {
            return value;
        }
        long root = Integer.toUnsignedLong(fields.getInt(VERSION_2_SIZE));
        fields.putInt(VERSION_2_SIZE, uids.host(root, path));
        return shifted;
    }

    private byte[] acl(byte[] value, RootfsPath path) {
        byte[] shifted = value.clone();
        ByteBuffer fields = ByteBuffer.wrap(shifted).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = ACL_HEADER; at + ACL_ENTRY <= shifted.length; at += ACL_ENTRY) {
            long id = Integer.toUnsignedLong(fields.getInt(at + 4));
            switch (fields.getShort(at)) {
                case ACL_USER -> fields.putInt(at + 4, uids.host(id, path));
                case ACL_GROUP -> fields.putInt(at + 4, gids.host(id, path));
                default -> {}
            }
        }
        return shifted;
    }
}
