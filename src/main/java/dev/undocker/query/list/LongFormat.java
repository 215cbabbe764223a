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
        Widths widths = new Widths(section.entries());
        boolean quotes =
                quoting != NameQuoting.LITERAL
                        && section.entries().stream().anyMatch(entry -> isQuoted(section, entry));
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
        private final int layer;
        private final int links;
        private final int owner;
        private final int group;
        private final int minor;
        private final int size;

        Widths(List<Found> entries) {
            int highestLayer = 0;
            int mostLinks = 0;
            long highestOwner = 0;
            long highestGroup = 0;
            long largest = 0;
            int devices = 0;
            int minors = 0;
            for (Found entry : entries) {
                Inode inode = entry.inode();
                highestLayer = Math.max(highestLayer, layers ? tree.layer(entry.path()) : 0);
                mostLinks = Math.max(mostLinks, LongFormat.this.links.of(entry));
                highestOwner = Math.max(highestOwner, inode.metadata().uid());
                highestGroup = Math.max(highestGroup, inode.metadata().gid());
                largest = Math.max(largest, size(inode));
                if (inode instanceof Inode.CharacterDevice device) {
                    devices = Math.max(devices, width(device.major()));
                    minors = Math.max(minors, width(device.minor()));
                } else if (inode instanceof Inode.BlockDevice device) {
                    devices = Math.max(devices, width(device.major()));
                    minors = Math.max(minors, width(device.minor()));
                }
            }
            layer = width(highestLayer);
            links = width(mostLinks);
            owner = width(highestOwner);
            group = width(highestGroup);
            minor = minors;
            size = Math.max(width(largest), minors == 0 ? 0 : devices + 2 + minors);
        }

        private static int width(long number) {
            return Long.toString(number).length();
        }
    }
}
