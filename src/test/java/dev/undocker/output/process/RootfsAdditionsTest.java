package dev.undocker.output.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.output.Committed;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.testing.SmallRootfs;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class RootfsAdditionsTest {
    private final SmallRootfs rootfs = new SmallRootfs().file("etc/passwd", 0644, "");
    private final List<String> warnings = new ArrayList<>();
    private final RootfsAdditions additions = new RootfsAdditions(rootfs, warnings::add);

    /// What comes after the image's `written` paths.
    private List<String> added(String... written) throws IOException {
        List<RootfsEntry> received = new ArrayList<>();
        RootfsSink sink = additions.applyTo(new Collector(received));
        for (String path : written) {
            RootfsPath name = RootfsPath.of(path);
            Inode inode = rootfs.lookup(name);
            assertThat(inode).isNotNull();
            sink.accept(new RootfsEntry.Node(name, inode));
        }
        sink.finish();
        return received.stream().skip(written.length).map(e -> e.path().toString()).toList();
    }

    private record Collector(List<RootfsEntry> received) implements RootfsSink {
        @Override
        public void accept(RootfsEntry entry) {
            received.add(entry);
        }

        @Override
        public void finish() {}

        @Override
        public Committed commit() {
            return Committed.FOR_GOOD;
        }

        @Override
        public void sync() {}

        @Override
        public void close() {}
    }

    @Test
    void onlyMissingDirectoriesAreMadeParentsFirst() throws IOException {
        additions.directory("volume", "/etc/a/b").directory("volume", "/etc/a").directory("", "/");
        assertThat(added("etc")).containsExactly("etc/a", "etc/a/b");
        assertThat(warnings).isEmpty();
    }

    @Test
    void linksAreFollowedInsideTheRoot() throws IOException {
        rootfs.symlink("var/run", "../../../run").symlink("run", "/dangling/./x");
        additions.directory("working directory", "/var/run/app");
        assertThat(added("var", "var/run", "run"))
                .containsExactly("dangling", "dangling/x", "dangling/x/app");
    }

    @Test
    void whatIsInTheWayStays() throws IOException {
        rootfs.symlink("loop", "loop");
        additions.directory("volume", "/etc/passwd/x").directory("volume", "/loop/x");
        assertThat(added()).isEmpty();
        assertThat(warnings).hasSize(2);
        assertThat(warnings.getFirst()).startsWith("volume /etc/passwd/x: not made: ");
    }

    @Test
    void launcherStandsWhereItsPathLeads() throws IOException {
        rootfs.symlink("sbin", "usr/sbin");
        Launcher launcher =
                new Launcher(RootfsPath.of("sbin/init"), new byte[] {1}, true, true, true);
        additions.launcher(launcher);
        assertThat(added("sbin")).containsExactly("usr", "usr/sbin", "usr/sbin/init");
        assertThatThrownBy(() -> additions.launcher(launcher))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatTheUserLeftOutComesBackWhereItIsNeeded() throws IOException {
        additions.directory("working directory", "/etc");
        assertThat(added()).containsExactly("etc");
    }
}
