package dev.undocker.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class MetadataPoolTest {
    private final MetadataPool pool = new MetadataPool();

    /// What keeps memory from growing with the number of files.
    @Test
    void theSameIsOneObject() {
        Metadata first = pool.shared(new Metadata(0644, 1, 2, -5, 6, List.of()));
        assertThat(pool.shared(new Metadata(0755, 0, 0, 7, 0, List.of()))).isNotSameAs(first);
        assertThat(pool.shared(new Metadata(0644, 1, 2, -5, 6, List.of()))).isSameAs(first);
    }

    @Test
    void whateverComesBackIsEqual() {
        SplittableRandom random = new SplittableRandom(1);
        List<List<Xattr>> xattrs = new ArrayList<>(List.of(List.of(), List.of()));
        xattrs.add(List.of(new Xattr(new byte[] {'a'}, new byte[] {1})));
        xattrs.add(List.of(new Xattr(new byte[] {'a'}, new byte[] {2})));
        for (int i = 0; i < 100_000; i++) {
            Metadata metadata =
                    new Metadata(
                            random.nextInt(2),
                            random.nextInt(2),
                            random.nextInt(2),
                            random.nextInt(3),
                            random.nextInt(2),
                            xattrs.get(random.nextInt(4)));
            assertThat(pool.shared(metadata)).isEqualTo(metadata);
        }
    }
}
