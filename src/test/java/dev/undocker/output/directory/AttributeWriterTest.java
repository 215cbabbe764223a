package dev.undocker.output.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;
import dev.undocker.linux.Errno;
import dev.undocker.linux.Node;
import dev.undocker.linux.SystemCallException;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.Metadata;
import dev.undocker.rootfs.RootfsPath;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

/// What a file system refuses to keep, such as one that knows no owners.
class AttributeWriterTest {
    private static final RootfsPath PATH = RootfsPath.of("etc/shadow");
    private static final Inode OTHERS =
            new Inode.Fifo(new Metadata(0600, 7, 4_294_967_294L, 0, 0, List.of()));

    private final Losses losses = new Losses(false);

    private void write(String... map) throws IOException {
        IdMap uids = IdMap.parse("--uid-map", List.of(map));
        new AttributeWriter(uids, IdMap.parse("--gid-map", List.of()), losses)
                .apply(new Ownerless(), PATH, OTHERS);
    }

    private record Ownerless() implements Node {
        @Override
        public void setOwner(int uid, int gid) throws IOException {
            throw new SystemCallException(Errno.EPERM);
        }

        @Override
        public void setMode(int mode) {}

        @Override
        public void setXattr(byte[] name, byte[] value) {}

        @Override
        public void setTimes(long seconds, int nanos) {}

        @Override
        public void close() {}
    }

    @Test
    void ownersThatAreRefusedAreCounted() throws IOException {
        write();
        assertThat(losses.sentence()).contains("owner of 1 entry");
    }

    @Test
    void shiftedOwnersAreNeverLost() {
        assertThatThrownBy(() -> write("0:100000:65536"))
                .isInstanceOf(UndockerException.class)
                .hasMessage(
                        "etc/shadow: cannot get its shifted owner 100007:4294967294: operation not"
                                + " permitted");
    }
}
