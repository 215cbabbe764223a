package dev.undocker.codec;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// By `isal_inflate` of [Isal]. It decodes between two buffers outside the heap and is told where
/// they end; what it says of them is not believed unless it lies within.
final class IsalDeflateDecoder implements DeflateDecoder {
    private static final int OUTPUT = 256 << 10;

    /// Behind each buffer, should the library ever look further than it may.
    private static final int MARGIN = 64;

    private final Isal library;
    private final IsalState state;
    private final MemorySegment input;
    private final MemorySegment output;
    private int limit;
    private int given;
    private int decoded;
    private int length;
    private boolean failed;

    IsalDeflateDecoder(Isal library) {
        this.library = library;
        Arena arena = Arena.ofAuto();
        state = IsalState.in(arena.allocate(IsalState.SIZE, 64));
        input = arena.allocate(GzipDecoder.BUFFER + MARGIN, 64);
        output = arena.allocate(OUTPUT + MARGIN, 64);
    }

    @Override
    public void load(byte[] buffer, int end) {
        MemorySegment.copy(buffer, 0, input, ValueLayout.JAVA_BYTE, 0, end);
        limit = end;
    }

    @Override
    public void begin(int position) {
        library.initialize(state);
        state.set(IsalState.CRC_FLAG, IsalState.WITH_CRC);
        given = 0;
        decoded = 0;
        length = 0;
        failed = false;
        resume(position);
    }

    @Override
    public void resume(int position) {
        state.setAddress(IsalState.NEXT_IN, input.address() + position);
        state.set(IsalState.AVAIL_IN, limit - position);
    }

    @Override
    public int decode(byte[] target, int offset, int wanted) throws IOException {
        if (given == decoded) {
            decodeMore();
        }
        int count = Math.min(wanted, decoded - given);
        MemorySegment.copy(output, ValueLayout.JAVA_BYTE, given, target, offset, count);
        given += count;
        return count;
    }

    private void decodeMore() throws IOException {
        given = 0;
        decoded = 0;
        if (failed) {
            throw GzipDecoder.corrupt(null);
        }
        if (state.get(IsalState.BLOCK_STATE) == IsalState.FINISH) {
            return;
        }
        state.setAddress(IsalState.NEXT_OUT, output.address());
        state.set(IsalState.AVAIL_OUT, OUTPUT);
        failed = library.inflate(state) != 0;
        decoded = OUTPUT - within(IsalState.AVAIL_OUT, OUTPUT);
        length += decoded;
        boolean stuck =
                decoded == 0
                        && state.get(IsalState.BLOCK_STATE) != IsalState.FINISH
                        && state.get(IsalState.AVAIL_IN) != 0;
        if (decoded == 0 && (failed || stuck)) {
            throw GzipDecoder.corrupt(null);
        }
    }

    private int within(int field, int most) {
        int value = state.get(field);
        if (value < 0 || value > most) {
            throw new IllegalStateException("libisal: field %d is %d".formatted(field, value));
        }
        return value;
    }

    @Override
    public boolean isFinished() {
        return given == decoded && state.get(IsalState.BLOCK_STATE) == IsalState.FINISH;
    }

    /// The library keeps what it has read ahead as bits.
    @Override
    public int unused() {
        return within(IsalState.AVAIL_IN, limit)
                + within(IsalState.READ_IN_LENGTH, BEHIND * Byte.SIZE) / Byte.SIZE;
    }

    @Override
    public int crc() {
        return state.get(IsalState.CRC);
    }

    @Override
    public int length() {
        return length;
    }

    /// The memory is used again.
    @Override
    public void close() {
        library.release(this);
    }
}
