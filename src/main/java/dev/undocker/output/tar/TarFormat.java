package dev.undocker.output.tar;

/// The tar that is written everywhere ([TarStream]).
///
/// @param dotPrefix true to write names as `./a`
record TarFormat(boolean dotPrefix) implements ArchiveFormat {
    private static final int HEADER = 512;

    @Override
    public Stream open(SlabWriter out) {
        return new TarStream(out, dotPrefix);
    }

    @Override
    public int smallestHeader() {
        return HEADER;
    }
}
