package dev.undocker.output.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.output.Committed;
import dev.undocker.output.RootfsSink;
import dev.undocker.rootfs.Content;
import dev.undocker.rootfs.Inode;
import dev.undocker.rootfs.RootfsEntry;
import dev.undocker.rootfs.RootfsPath;
import dev.undocker.runtime.NameFile;
import dev.undocker.runtime.launcher.Launcher;
import dev.undocker.testing.SmallRootfs;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class RootfsAdditionsTest {
    private final SmallRootfs rootfs = new SmallRootfs().file("etc/passwd", 0644, "");
    private final List<String> warnings = new ArrayList<>();
    private final RootfsAdditions additions = new RootfsAdditions(rootfs, warnings::add);

    /// What comes after the image's `written` paths.
    private List<String> added(String... written) throws IOException {
        return received(written).stream()
                .skip(written.length)
                .map(e -> e.path().toString())
                .toList();
    }

    /// What comes of the image's `written` paths, each with an inode of its own.
    private List<RootfsEntry> received(String... written) throws IOException {
        List<RootfsEntry> entries = new ArrayList<>();
        for (String path : written) {
            RootfsPath name = RootfsPath.of(path);
            Inode inode = rootfs.lookup(name);
            assertThat(inode).isNotNull();
            entries.add(new RootfsEntry.Node(name, inode));
        }
        return received(entries);
    }

    private List<RootfsEntry> received(List<RootfsEntry> entries) throws IOException {
        List<RootfsEntry> received = new ArrayList<>();
        RootfsSink sink = additions.applyTo(new Collector(received));
        for (RootfsEntry entry : entries) {
            sink.accept(entry);
        }
        sink.finish();
        return received;
    }

    private static String text(RootfsEntry entry) throws IOException {
        Content content = ((Inode.RegularFile) entry.inode()).content();
        return new String(content.stream().readAllBytes(), StandardCharsets.UTF_8);
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

    @Test
    void missingNameFilesAreMade() throws IOException {
        additions.names(NameFile.HOSTS).names(NameFile.RESOLVER);
        List<RootfsEntry> received = received("etc", "etc/passwd");
        assertThat(received)
                .extracting(e -> e.path().toString())
                .containsExactly("etc", "etc/passwd", "etc/hosts", "etc/resolv.conf");
        assertThat(text(received.get(2))).startsWith("127.0.0.1 localhost\n::1 localhost ");
        assertThat(received.get(2).inode().metadata()).isEqualTo(SmallRootfs.metadata(0644));
        assertThat(text(received.get(3))).isEmpty();
    }

    @Test
    void emptyHostsAreReplacedInTheirPlace() throws IOException {
        rootfs.file("etc/hosts", 0755, "");
        additions.names(NameFile.HOSTS);
        List<RootfsEntry> received = received("etc", "etc/hosts", "etc/passwd");
        assertThat(received).hasSize(3);
        assertThat(text(received.get(1))).contains("127.0.0.1 localhost\n");
        assertThat(received.get(1).inode().metadata().mode()).isEqualTo(0644);
    }

    @Test
    void whatTheImageSaysOfNamesStays() throws IOException {
        rootfs.file("etc/hosts", 0644, "10.0.0.1 db\n").symlink("etc/resolv.conf", "../run/x");
        additions.names(NameFile.HOSTS).names(NameFile.RESOLVER);
        List<RootfsEntry> received = received("etc", "etc/hosts", "etc/resolv.conf");
        assertThat(received).hasSize(3);
        assertThat(text(received.get(1))).isEqualTo("10.0.0.1 db\n");
        assertThat(received.get(2).inode()).isInstanceOf(Inode.Symlink.class);
        assertThat(warnings).isEmpty();
    }

    /// A build may link empty files to each other to save space.
    @Test
    void otherNamesOfEmptyHostsKeepTheImagesFile() throws IOException {
        rootfs.file("etc/hosts", 0640, "");
        Inode empty = Objects.requireNonNull(rootfs.lookup(RootfsPath.of("etc/hosts")));
        additions.names(NameFile.HOSTS);
        RootfsPath hosts = NameFile.HOSTS.path();
        RootfsPath one = RootfsPath.of("one");
        RootfsPath two = RootfsPath.of("two");
        List<RootfsEntry> received =
                received(
                        List.of(
                                new RootfsEntry.Node(hosts, empty),
                                new RootfsEntry.HardLink(one, hosts, empty),
                                new RootfsEntry.HardLink(two, hosts, empty)));
        assertThat(text(received.getFirst())).isNotEmpty();
        assertThat(received.subList(1, received.size()))
                .startsWith(
                        new RootfsEntry.Node(one, empty),
                        new RootfsEntry.HardLink(two, one, empty));
    }

    @Test
    void hostsThatAreALinkOfAnEmptyFileAreOnTheirOwn() throws IOException {
        rootfs.file("etc/hosts", 0640, "");
        Inode empty = Objects.requireNonNull(rootfs.lookup(RootfsPath.of("etc/hosts")));
        additions.names(NameFile.HOSTS);
        RootfsPath one = RootfsPath.of("one");
        List<RootfsEntry> received =
                received(
                        List.of(
                                new RootfsEntry.Node(one, empty),
                                new RootfsEntry.HardLink(NameFile.HOSTS.path(), one, empty)));
        assertThat(received.getFirst().inode()).isSameAs(empty);
        assertThat(received.get(1)).isInstanceOf(RootfsEntry.Node.class);
        assertThat(text(received.get(1))).isNotEmpty();
    }

    @Test
    void fileInPlaceOfTheirDirectoryIsSaid() throws IOException {
        SmallRootfs odd = new SmallRootfs().file("etc", 0644, "");
        new RootfsAdditions(odd, warnings::add).names(NameFile.HOSTS);
        assertThat(warnings).singleElement().asString().startsWith("/etc/hosts: not made: ");
        assertThat(NameFile.RESOLVER.isLeftOpen(odd)).isFalse();
    }
}
