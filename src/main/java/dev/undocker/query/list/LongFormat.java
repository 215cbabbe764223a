package dev.undocker.query.list;

import dev.undocker.merge.MergedRootfs;
import dev.undocker.query.NameQuoting;
import dev.undocker.query.PathLookup.Found;
import dev.undocker.rootfs.Inode;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/// A listing in the columns of `ls -ln --time-style=long-iso`: kind and mode, links, owner, group,
/// size or the numbers of a device, time, name.
public final class LongFormat {
    private static final byte[] ARROW = {' ', '-', '>', ' '};

    private final MergedRootfs tree;
    private final NameQuoting quoting;
    private final boolean layers;
    private final OutputStream out;
    private final LinkCount links;

    /// @param layers puts in front which layer put each name there, `-` for none
    /// @param out buffered; stays the caller's
    public LongFormat(MergedRootfs tree, NameQuoting quoting, boolean layers, OutputStream out) {
        this.tree = tree;
        this.quoting = quoting;
        this.layers = layers;
        this.out = out;
        links = new LinkCount(tree);
    }

    public void write(List<Section> sections) throws IOException {
        boolean first = true;
        for (Section section : sections) {
            if (section.heading() != null) {
                if (!first) {
                    out.write('\n');
                }
                out.write(quoting.quoted(section.heading()));
                out.write(':');
                out.write('\n');
            }
            write(section);
            first = false;
        }
    }

    private void write(Section section) throws IOException {
        Widths widths = new Widths();
        section.entries().forEach(widths::fit);
        boolean quotes = section.entries().stream().anyMatch(entry -> isQuoted(section, entry));
        for (Found entry : section.entries()) {
            write(entry, widths);
            byte[] name = section.names().of(entry);
            byte[] shown = quoting.quoted(name);
            if (quotes && shown == name) {
                // the letters of all names stand below each other
                out.write(' ');
            }
            out.write(shown);
            if (entry.inode() instanceof Inode.Symlink link) {
                out.write(ARROW);
                out.write(quoting.quoted(link.target()));
            }
            out.write('\n');
        }
    }

    private boolean isQuoted(Section section, Found entry) {
        byte[] name = section.names().of(entry);
        return quoting.quoted(name) != name;
    }

    private void write(Found entry, Widths widths) throws IOException {
        if (layers) {
            column(layer(entry), widths.layer);
        }
        column(ModeText.of(entry.inode()), 0);
        column(Integer.toString(links.of(entry)), widths.links);
        column(Long.toString(entry.inode().metadata().uid()), widths.owner);
        column(Long.toString(entry.inode().metadata().gid()), widths.group);
        switch (entry.inode()) {
            case Inode.CharacterDevice device -> numbers(device.major(), device.minor(), widths);
            case Inode.BlockDevice device -> numbers(device.major(), device.minor(), widths);
            default -> column(Long.toString(size(entry.inode())), widths.size);
        }
        column(TimeText.of(entry.inode().metadata().mtimeSeconds()), 0);
    }

    private void numbers(int major, int minor, Widths widths) throws IOException {
        right(Integer.toString(major), widths.size - widths.minor - 2);
        out.write(',');
        out.write(' ');
        column(Integer.toString(minor), widths.minor);
    }

    private void column(String text, int width) throws IOException {
        right(text, width);
        out.write(' ');
    }

    private void right(String text, int width) throws IOException {
        for (int i = text.length(); i < width; i++) {
            out.write(' ');
        }
        for (int i = 0; i < text.length(); i++) {
            out.write(text.charAt(i));
        }
    }

    private String layer(Found entry) {
        int number = tree.layer(entry.path());
        return number == 0 ? "-" : Integer.toString(number);
    }

    /// A directory has none that an image would say.
    private static long size(Inode inode) {
        return switch (inode) {
            case Inode.RegularFile file -> file.content().size();
            case Inode.Symlink link -> link.target().length;
            default -> 0;
        };
    }

    /// How wide the columns of one section have to be.
    private final class Widths {
        private int layer;
        private int links;
        private int owner;
        private int group;
        private int size;
        private int major;
        private int minor;

        void fit(Found entry) {
            Inode inode = entry.inode();
            layer = Math.max(layer, layer(entry).length());
            links = wider(links, LongFormat.this.links.of(entry));
            owner = wider(owner, inode.metadata().uid());
            group = wider(group, inode.metadata().gid());
            switch (inode) {
                case Inode.CharacterDevice device -> fit(device.major(), device.minor());
                case Inode.BlockDevice device -> fit(device.major(), device.minor());
                default -> size = wider(size, size(inode));
            }
        }

        private void fit(int oneMajor, int oneMinor) {
            major = wider(major, oneMajor);
            minor = wider(minor, oneMinor);
            size = Math.max(size, major + 2 + minor);
        }

        private static int wider(int width, long number) {
            return Math.max(width, Long.toString(number).length());
        }
    }
}
