package dev.undocker.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Against a map that does the same.
class DentryTableTest {
    private static final Inode.Directory DIRECTORY =
            new Inode.Directory(Metadata.IMPLIED_DIRECTORY);

    private final DentryTree tree = new DentryTree();
    private final Map<RootfsPath, Dentry> expected = new HashMap<>();

    @Test
    void namesComeAndGo() {
        Random random = new Random(1);
        List<DirectoryDentry> directories = new ArrayList<>(List.of(tree.root()));
        for (int i = 0; i < 200_000; i++) {
            DirectoryDentry directory = directories.get(random.nextInt(directories.size()));
            byte[] name =
                    Integer.toString(random.nextInt(5000), 36).getBytes(StandardCharsets.US_ASCII);
            Dentry there = tree.get(directory, name);
            assertThat(there).isSameAs(expected.get(directory.path().child(name)));
            if (there == null && directories.size() < 50) {
                DirectoryDentry made = tree.createDirectory(directory, name, DIRECTORY, 1);
                directories.add(made);
                expected.put(made.path(), made);
            } else if (there == null) {
                Dentry made = tree.create(directory, name, new Inode.Fifo(DIRECTORY.metadata()), 1);
                expected.put(made.path(), made);
            } else if (!(there instanceof DirectoryDentry) || random.nextInt(1000) == 0) {
                remove(there, directories);
            }
        }
        assertThat(directories).hasSizeGreaterThan(10);
        assertSame();
    }

    /// Names of one hash are made in a moment, and a search among them would take hours.
    @Test
    @Timeout(60)
    void namesOfOneHashAreFoundLikeOthers() {
        List<byte[]> names = collisions(17);
        for (byte[] name : names) {
            Dentry made = tree.create(tree.root(), name, DIRECTORY, 1);
            expected.put(made.path(), made);
        }
        assertThat(expected.keySet().stream().mapToInt(RootfsPath::hashCode).distinct()).hasSize(1);
        assertSame();
        for (byte[] name : names.subList(0, names.size() / 2)) {
            remove(tree.get(tree.root(), name), new ArrayList<>());
        }
        assertSame();
        for (int i = 0; i < 10_000; i++) {
            Dentry made =
                    tree.create(
                            tree.root(),
                            ("plain" + i).getBytes(StandardCharsets.US_ASCII),
                            DIRECTORY,
                            1);
            expected.put(made.path(), made);
        }
        assertSame();
    }

    private void remove(Dentry top, List<DirectoryDentry> directories) {
        for (Dentry at = top; at != null; at = at.nextBelow(top)) {
            assertThat(expected.remove(at.path())).isSameAs(at);
            directories.remove(at);
        }
        tree.remove(top);
        assertThat(tree.get(top.path())).isNull();
    }

    private void assertSame() {
        expected.forEach((path, dentry) -> {
            if (tree.get(path) != dentry) {
                assertThat(tree.get(path)).as(path.toString()).isSameAs(dentry);
            }
        });
        assertThat(tree.depthFirst()).hasSameSizeAs(expected.keySet());
    }

    /// 2^`pairs` names of `pairs` times `Aa` or `BB`.
    private static List<byte[]> collisions(int pairs) {
        List<byte[]> names = new ArrayList<>();
        for (int bits = 0; bits < 1 << pairs; bits++) {
            StringBuilder name = new StringBuilder();
            for (int i = 0; i < pairs; i++) {
                name.append((bits >> i & 1) == 0 ? "Aa" : "BB");
            }
            names.add(name.toString().getBytes(StandardCharsets.US_ASCII));
        }
        return names;
    }
}
