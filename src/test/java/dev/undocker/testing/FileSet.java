package dev.undocker.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/// Files of an image form in their order, which a test may change before it writes them as a tar or
/// into a directory.
public final class FileSet {
    private record Member(String name, byte type, byte[] content, String target) {}

    private final List<Member> members = new ArrayList<>();

    /// Adds a file; one of the same name stays too.
    public FileSet file(String name, byte[] content) {
        members.add(new Member(name, TarConstants.LF_NORMAL, content, ""));
        return this;
    }

    public FileSet file(String name, String content) {
        return file(name, content.getBytes(UTF_8));
    }

    public FileSet symlink(String name, String target) {
        members.add(new Member(name, TarConstants.LF_SYMLINK, new byte[0], target));
        return this;
    }

    public FileSet hardLink(String name, String target) {
        members.add(new Member(name, TarConstants.LF_LINK, new byte[0], target));
        return this;
    }

    public FileSet directory(String name) {
        members.add(new Member(name + "/", TarConstants.LF_DIR, new byte[0], ""));
        return this;
    }

    /// Adds what is not there by name yet.
    public FileSet addMissing(FileSet other) {
        for (Member member : other.members) {
            if (members.stream().noneMatch(known -> known.name.equals(member.name))) {
                members.add(member);
            }
        }
        return this;
    }

    public FileSet remove(String name) {
        if (!members.removeIf(member -> member.name.equals(name))) {
            throw new IllegalArgumentException("no member " + name);
        }
        return this;
    }

    public FileSet edit(String name, UnaryOperator<String> change) {
        String content = change.apply(new String(content(name), UTF_8));
        members.replaceAll(member ->
                member.name.equals(name)
                        ? new Member(name, member.type, content.getBytes(UTF_8), "")
                        : member);
        return this;
    }

    public FileSet moveToFront(String name) {
        Member member = member(name);
        members.remove(member);
        members.addFirst(member);
        return this;
    }

    public byte[] content(String name) {
        return member(name).content;
    }

    private Member member(String name) {
        return members.stream()
                .filter(member -> member.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member " + name));
    }

    public List<String> names() {
        return members.stream().map(Member::name).toList();
    }

    public byte[] tar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Member member : members) {
                TarArchiveEntry entry = new TarArchiveEntry(member.name, member.type);
                entry.setLinkName(member.target);
                entry.setSize(member.content.length);
                tar.putArchiveEntry(entry);
                tar.write(member.content);
                tar.closeArchiveEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// Writes the tar and returns its path.
    public Path tar(Path file) throws IOException {
        return Files.write(file, tar());
    }

    /// Writes the regular files and symbolic links and returns the directory.
    public Path directory(Path directory) throws IOException {
        for (Member member : members) {
            Path file = directory.resolve(member.name);
            Files.createDirectories(file.getParent());
            if (member.type == TarConstants.LF_SYMLINK) {
                Files.createSymbolicLink(file, Path.of(member.target));
            } else {
                Files.write(file, member.content);
            }
        }
        return directory;
    }
}
