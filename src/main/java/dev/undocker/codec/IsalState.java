package dev.undocker.codec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// `struct inflate_state` of `libisal.so.2` (isa-l/igzip_lib.h, the same from 2.24 to 2.32), as far
/// as it is used here: where the fields lie on an architecture of 64 bits.
///
/// @param address where it lies
/// @param fields the same memory
record IsalState(long address, ByteBuffer fields) {
    /// The structure has 87,368 bytes; the rest is for one that grows without another soname.
    static final int SIZE = 128 << 10;

    static final int NEXT_OUT = 0;
    static final int AVAIL_OUT = 8;
    static final int NEXT_IN = 16;
    static final int AVAIL_IN = 32;
    static final int READ_IN_LENGTH = 36;
    static final int BLOCK_STATE = 21160;
    static final int CRC_FLAG = 21172;
    static final int CRC = 21176;

    /// `ISAL_BLOCK_FINISH`: everything is decoded and given out.
    static final int FINISH = 5;

    /// `ISAL_GZIP_NO_HDR`: what surrounds the data is not the library's, but the checksum is.
    static final int WITH_CRC = 2;

    /// @param memory of [#SIZE] bytes
    static IsalState in(MemorySegment memory) {
        return new IsalState(
                memory.address(), memory.asByteBuffer().order(ByteOrder.nativeOrder()));
    }

    int get(int field) {
        return fields.getInt(field);
    }

    void set(int field, int value) {
        fields.putInt(field, value);
    }

    void setAddress(int field, long address) {
        fields.putLong(field, address);
    }
}
