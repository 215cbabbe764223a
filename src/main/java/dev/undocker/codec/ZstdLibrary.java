package dev.undocker.codec;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.util.Native;

import dev.undocker.linux.Confinement;

/// The library in C behind zstd-jni. To be loaded it is a file in Java's own temporary directory
/// for a moment, where a confined thread writes nothing.
final class ZstdLibrary {
    private ZstdLibrary() {}

    static ZstdCompressCtx compressing() {
        load();
        return new ZstdCompressCtx();
    }

    static ZstdDecompressCtx decompressing() {
        load();
        return new ZstdDecompressCtx();
    }

    private static void load() {
        if (!Native.isLoaded()) {
            Confinement.unconfined(() -> {
                Native.load();
                return true;
            });
        }
    }
}
