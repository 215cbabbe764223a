package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the tar of one layer, odd and hostile forms included; no library stands between a test
/// and the bytes. Methods that are named after a type add a member; the others change the member
/// added last. Text stands for bytes, one character each (ISO 8859-1).
///
/// ```java
/// byte[] tar = layer().dir("etc/").file("etc/passwd", "root").mode(04755).whiteout("a/b").toBytes();
/// ```
///
/// Times are 0 and owners 0:0 unless said.
public final class LayerBuilder {
    /// Where a sparse member's map stands.
    public enum SparseForm {
        OLD_GNU,
        PAX_0_0,
        PAX_0_1,
        PAX_1_0
    }

    /// Data inside a sparse file.
    public record Piece(long offset, String data) {}

    private final List<RawMember> members = new ArrayList<>();
    private int endBlocks = 2;
    private byte[] trailer = {};

    private LayerBuilder() {}

    public static LayerBuilder layer() {
        return new LayerBuilder();
    }

    public LayerBuilder dir(String name) {
        return add(new RawMember('5', name, 0755));
    }

    public LayerBuilder file(String name, String content) {
        add(new RawMember('0', name, 0644));
        last().data = content.getBytes(ISO_8859_1);
        last().content = last().data;
        return this;
    }

    public LayerBuilder symlink(String name, String target) {
        add(new RawMember('2', name, 0777));
        last().link = target;
        return this;
    }

    public LayerBuilder hardLink(String name, String target) {
        add(new RawMember('1', name, 0644));
        last().link = target;
        return this;
    }

    public LayerBuilder charDevice(String name, int major, int minor) {
        add(new RawMember('3', name, 0644));
        return device(major, minor);
    }

    public LayerBuilder blockDevice(String name, int major, int minor) {
        add(new RawMember('4', name, 0644));
        return device(major, minor);
    }

    private LayerBuilder device(int major, int minor) {
        last().major = major;
        last().minor = minor;
        return this;
    }

    public LayerBuilder fifo(String name) {
        return add(new RawMember('6', name, 0644));
    }

    /// The marker that hides `path` of the layers below.
    public LayerBuilder whiteout(String path) {
        int name = path.lastIndexOf('/') + 1;
        return file(path.substring(0, name) + ".wh." + path.substring(name), "");
    }

    /// The marker that hides all children which `directory` has in the layers below; empty for the
    /// root.
    public LayerBuilder opaque(String directory) {
        String parent =
                directory.isEmpty() || directory.endsWith("/") ? directory : directory + "/";
        return file(parent + ".wh..wh..opq", "");
    }

    /// A member of any type.
    public LayerBuilder member(char type, String name) {
        return add(new RawMember(type, name, 0644));
    }

    /// A sparse file of `size` bytes that holds these pieces.
    public LayerBuilder sparse(SparseForm form, String name, int size, Piece... pieces) {
        add(SparseMember.of(form, name, size, List.of(pieces)));
        return this;
    }

    /// A global PAX header.
    public LayerBuilder global(String key, String value) {
        add(new RawMember('g', "pax_global_header", 0644));
        last().data = RawMember.records(List.of(new RawMember.Record(key, value)));
        return this;
    }

    /// A PAX header whose records are these bytes, for the member that comes next.
    public LayerBuilder rawPax(String records) {
        add(new RawMember('x', "PaxHeaders/x", 0644));
        last().data = records.getBytes(ISO_8859_1);
        return this;
    }

    public LayerBuilder mode(int mode) {
        last().mode = mode;
        return this;
    }

    public LayerBuilder owner(long uid, long gid) {
        last().uid = uid;
        last().gid = gid;
        return this;
    }

    public LayerBuilder mtime(long seconds) {
        return mtime(seconds, 0);
    }

    /// With nanoseconds, which go into a PAX record.
    public LayerBuilder mtime(long seconds, int nanos) {
        last().mtime = seconds;
        last().nanos = nanos;
        return this;
    }

    public LayerBuilder xattr(String name, String value) {
        last().xattrs.put(name, value);
        return this;
    }

    /// A PAX record as it is; the reader's view of the member is the test's to know.
    public LayerBuilder pax(String key, String value) {
        last().pax.add(new RawMember.Record(key, value));
        return this;
    }

    /// Names longer than the header's field in GNU's L and K members instead of PAX records.
    public LayerBuilder gnu() {
        last().gnuLongNames = true;
        return magic("ustar  \0");
    }

    /// A header from before ustar.
    public LayerBuilder v7() {
        return magic("\0\0\0\0\0\0\0\0");
    }

    public LayerBuilder magic(String magic) {
        last().magic = magic;
        return this;
    }

    /// The ustar field that goes in front of the name.
    public LayerBuilder prefix(String prefix) {
        last().prefix = prefix;
        return this;
    }

    public LayerBuilder typeflag(char type) {
        last().type = type;
        return this;
    }

    public LayerBuilder linkName(String link) {
        last().link = link;
        return this;
    }

    /// A size field that says something else than what follows.
    public LayerBuilder size(long size) {
        last().size = size;
        return this;
    }

    /// Bytes after the header, padded to a block; the size field follows unless it was set.
    public LayerBuilder data(String data) {
        last().data = data.getBytes(ISO_8859_1);
        return this;
    }

    /// Leaves out the padding after the data.
    public LayerBuilder unpadded() {
        last().withoutPadding = true;
        return this;
    }

    /// Overwrites header bytes before the checksum is made.
    public LayerBuilder patch(int offset, String bytes) {
        last().patches.add(new RawMember.Patch(offset, bytes.getBytes(ISO_8859_1)));
        return this;
    }

    public LayerBuilder wrongChecksum() {
        last().wrongChecksum = true;
        return this;
    }

    /// A sum over signed bytes, as some old programs wrote it.
    public LayerBuilder signedChecksum() {
        last().signedChecksum = true;
        return this;
    }

    /// How many zero blocks end the archive; 2 unless said.
    public LayerBuilder endBlocks(int count) {
        endBlocks = count;
        return this;
    }

    /// Bytes after the end.
    public LayerBuilder trailer(byte[] bytes) {
        trailer = bytes;
        return this;
    }

    public byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        members.forEach(member -> out.writeBytes(member.toBytes()));
        out.writeBytes(new byte[endBlocks * RawMember.BLOCK]);
        out.writeBytes(trailer);
        return out.toByteArray();
    }

    List<RawMember> members() {
        return List.copyOf(members);
    }

    /// One line a member.
    @Override
    public String toString() {
        return members.stream().map(RawMember::toString).collect(Collectors.joining("\n"));
    }

    private LayerBuilder add(RawMember member) {
        members.add(member);
        return this;
    }

    private RawMember last() {
        return members.getLast();
    }
}
