package dev.undocker.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// `struct inflate_state` of `libisal.so.2` (isa-l/igzip_lib.h, the same from 2.24 to 2.32), as far
/// as it is used here: where the fields lie on an architecture of 64 bits.
///
/// @param memory of [#SIZE] bytes
record IsalState(MemorySegment memory) {
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

    long address() {
        return memory.address();
    }

    int get(int field) {
        return memory.get(ValueLayout.JAVA_INT, field);
    }

    void set(int field, int value) {
        memory.set(ValueLayout.JAVA_INT, field, value);
    }

    void setAddress(int field, long address) {
        memory.set(ValueLayout.JAVA_LONG, field, address);
    }
}
