package dev.undocker.tar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.content.FileSlice;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.rootfs.Xattr;
import dev.undocker.testing.TestFile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Headers come back from [TarReader] as they went in.
class TarHeaderWriterTest {
    private static final Metadata PLAIN = new Metadata(0644, 0, 0, 0, 0, List.of());

    private static byte[] header(RootfsEntry entry) {
        TarHeaderWriter writer = new TarHeaderWriter(false);
        writer.write(entry);
        return Arrays.copyOf(writer.bytes(), writer.length());
    }

    private static TarMember roundTrip(String path, Inode inode) throws IOException {
        RootfsPath name = RootfsPath.of(path.getBytes(StandardCharsets.ISO_8859_1));
        byte[] header = header(new RootfsEntry.Node(name, inode));
        assertThat(header.length % 512).isZero();
        try (TestFile file = TestFile.of(header, new byte[1024])) {
            TarReader reader =
                    new TarReader(new FileSlice(file.slice().file(), 0, header.length + 1024));
            TarMember member = reader.next();
            assertThat(RootfsPath.of(member.name())).isEqualTo(name);
            assertThat(member.metadata()).isEqualTo(inode.metadata());
            assertThat(reader.next()).isNull();
            return member;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 155, 156, 255, 256, 257, 1000, 5000})
    void namesAndLinksOfAnyLength(int length) throws IOException {
        for (String unit : List.of("n", "d/", "\u00ff", "a\n")) {
            String text = unit.repeat(length / unit.length() + 1).substring(0, length - 1) + "e";
            TarMember member =
                    roundTrip(
                            text,
                            new Inode.Symlink(PLAIN, text.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(member.type()).isEqualTo(TarMember.Type.SYMLINK);
            assertThat(new String(member.linkName(), StandardCharsets.ISO_8859_1)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 07777777, 010000000, 4294967294L})
    void idsOfAnySize(long id) throws IOException {
        Metadata metadata = new Metadata(07777, id, 4294967294L - id, 0, 0, List.of());
        assertThat(roundTrip("p", new Inode.Fifo(metadata)).metadata()).isEqualTo(metadata);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, -1_000_000_000_000L, 077777777777L, 0100000000000L, 1L << 40})
    void timesOfAnySize(long seconds) throws IOException {
        for (int nanos : new int[] {0, 1, 100, 500_000_000, 999_999_999}) {
            Metadata metadata = new Metadata(0, 0, 0, seconds, nanos, List.of());
            assertThat(roundTrip("p", new Inode.Fifo(metadata)).metadata()).isEqualTo(metadata);
        }
    }

    @Test
    void deviceNumbers() throws IOException {
        for (int[] number : new int[][] {{0, 0}, {1, 3}, {4095, 1048575}, {07777777, 07777777}}) {
            TarMember c = roundTrip("c", new Inode.CharacterDevice(PLAIN, number[0], number[1]));
            assertThat(c.type()).isEqualTo(TarMember.Type.CHARACTER_DEVICE);
            assertThat(List.of(c.deviceMajor(), c.deviceMinor()))
                    .containsExactly(number[0], number[1]);
            TarMember b = roundTrip("b", new Inode.BlockDevice(PLAIN, number[0], number[1]));
            assertThat(b.type()).isEqualTo(TarMember.Type.BLOCK_DEVICE);
            assertThat(List.of(b.deviceMajor(), b.deviceMinor()))
                    .containsExactly(number[0], number[1]);
        }
    }

    @Test
    void binaryXattrs() throws IOException {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        Metadata metadata =
                new Metadata(
                        0644,
                        0,
                        0,
                        0,
                        0,
                        List.of(
                                xattr("security.capability", all),
                                xattr("trusted.overlay.x", new byte[] {'\n'}),
                                xattr("user.empty", new byte[0]),
                                xattr("user.large", new byte[70_000]),
                                xattr("user.\u00e9 \n", new byte[] {'=', 0, '='})));
        roundTrip("d", new Inode.Directory(metadata));
    }

    private static Xattr xattr(String name, byte[] value) {
        return new Xattr(name.getBytes(StandardCharsets.ISO_8859_1), value);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 512, 077777777777L, 0100000000000L, 20L << 30})
    void sizesBeyondTheOctalField(long size) throws IOException {
        try (TestFile hole = TestFile.sparse(Math.max(1, size))) {
            Inode file =
                    new Inode.RegularFile(PLAIN, new Content.Plain(hole.slice().file(), 0, size));
            byte[] header = header(new RootfsEntry.Node(RootfsPath.of("large"), file));
            try (TestFile tar = TestFile.of(header)) {
                tar.extend(header.length + (size + 511) / 512 * 512 + 1024);
                TarReader reader = new TarReader(tar.whole());
                assertThat(reader.next().content().size()).isEqualTo(size);
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void hardLinksHaveTheirTargetAndNoData() throws IOException {
        try (TestFile content = TestFile.of(new byte[5])) {
            Inode inode = new Inode.RegularFile(PLAIN, content.content());
            byte[] header =
                    header(new RootfsEntry.HardLink(RootfsPath.of("b"), RootfsPath.of("a"), inode));
            try (TestFile tar = TestFile.of(header)) {
                TarReader reader = new TarReader(tar.slice());
                TarMember member = reader.next();
                assertThat(member.type()).isEqualTo(TarMember.Type.HARD_LINK);
                assertThat(member.linkName()).isEqualTo(new byte[] {'a'});
                assertThat(member.metadata()).isEqualTo(PLAIN);
                assertThat(reader.next()).isNull();
            }
        }
    }

    @Test
    void plainMembersNeedNoExtendedHeader() {
        Metadata usual = new Metadata(0755, 1000, 1000, 1_700_000_000, 0, List.of());
        assertThat(header(new RootfsEntry.Node(RootfsPath.of("usr"), new Inode.Directory(usual))))
                .hasSize(512);
    }

    @Test
    void randomMetadata() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 2000; i++) {
            List<Xattr> xattrs = new ArrayList<>();
            for (int x = 0; x < random.nextInt(3); x++) {
                byte[] value = new byte[random.nextInt(200)];
                random.nextBytes(value);
                xattrs.add(xattr("user." + x, value));
            }
            Metadata metadata =
                    new Metadata(
                            random.nextInt(010000),
                            random.nextLong(1L << random.nextInt(1, 32)),
                            random.nextLong(1L << random.nextInt(1, 32)),
                            random.nextLong(-1L << random.nextInt(1, 40), 1L << 40),
                            random.nextBoolean() ? 0 : random.nextInt(1_000_000_000),
                            xattrs);
            byte[] name = new byte[random.nextInt(1, 300)];
            for (int n = 0; n < name.length; n++) {
                name[n] = (byte) random.nextInt('0', 256);
            }
            assertThat(
                            roundTrip(
                                            new String(name, StandardCharsets.ISO_8859_1),
                                            new Inode.Directory(metadata))
                                    .metadata())
                    .isEqualTo(metadata);
        }
    }
}
