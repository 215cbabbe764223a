package dev.undocker.codec;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// A digest by [Libcrypto]. One thread uses it at a time.
final class LibcryptoDigest extends MessageDigest {
    /// What comes from the heap is copied, in pieces that stay in the processor's cache.
    private static final int PIECE = 16 << 10;

    private final Libcrypto.HashFunctions functions;
    private final int length;
    private final MemorySegment state;
    private final MemorySegment piece;

    LibcryptoDigest(Sha2 hash, Libcrypto.HashFunctions functions) {
        super(hash.toString());
        this.functions = functions;
        length = hash.length();
        Arena arena = Arena.ofAuto();
        state = arena.allocate(Libcrypto.HashFunctions.STATE, 64);
        piece = arena.allocate(PIECE, 64);
        engineReset();
    }

    @Override
    protected void engineReset() {
        requireSuccess(functions.initialize().call(state.address(), 0, 0));
    }

    @Override
    protected void engineUpdate(byte input) {
        engineUpdate(new byte[] {input}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] input, int offset, int count) {
        int end = offset + count;
        for (int at = offset; at < end; at += PIECE) {
            int copied = Math.min(PIECE, end - at);
            MemorySegment.copy(input, at, piece, ValueLayout.JAVA_BYTE, 0, copied);
            update(piece, copied);
        }
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        if (!input.isDirect()) {
            super.engineUpdate(input);
            return;
        }
        update(MemorySegment.ofBuffer(input), input.remaining());
        input.position(input.limit());
    }

    private void update(MemorySegment bytes, int count) {
        requireSuccess(functions.update().call(state.address(), bytes.address(), count));
    }

    @Override
    protected byte[] engineDigest() {
        requireSuccess(functions.finish().call(piece.address(), state.address(), 0));
        byte[] digest = piece.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        engineReset();
        return digest;
    }

    @Override
    protected int engineGetDigestLength() {
        return length;
    }

    private static void requireSuccess(long result) {
        if ((int) result != 1) {
            throw new IllegalStateException("libcrypto: a digest failed");
        }
    }
}
