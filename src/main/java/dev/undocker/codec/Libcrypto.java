package dev.undocker.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.undocker.linux.NativeExecutable;
import dev.undocker.linux.SharedLibrary;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/// OpenSSL's `libcrypto.so.3`, which digests with whatever instructions the processor has for it,
/// almost three times as fast as a native executable does; the virtual machine has them itself.
/// Thread-safe.
///
/// Its older functions are used, SHA256_Init(3) and those beside it: they need no memory but what
/// they are given, and read no configuration.
final class Libcrypto {
    private static final InstalledLibrary<Libcrypto> LIBRARY =
            new InstalledLibrary<>("libcrypto.so.3", Libcrypto::link);

    /// From how many bytes of a run on a native executable gains more than loading it takes.
    private static final long WORTH_LOADING = 4 << 20;

    /// How many there were to digest up to now: layers may be many and small.
    private static final AtomicLong ASKED_FOR = new AtomicLong();

    private static final byte[] SAMPLE = "abc".repeat(100).getBytes(US_ASCII);

    private final Map<Sha2, HashFunctions> functions;

    private Libcrypto(Map<Sha2, HashFunctions> functions) {
        this.functions = functions;
    }

    /// The library where it is worth its cost.
    ///
    /// @param toDigest how many bytes there are to digest, about
    /// @return null where Java shall digest: it is not worth it, not wanted, or not there
    /// @throws dev.undocker.UndockerException when it is forced and not there
    static @Nullable Libcrypto worthFor(long toDigest) {
        boolean worth = ASKED_FOR.addAndGet(toDigest) >= WORTH_LOADING && NativeExecutable.isThis();
        return LIBRARY.where(worth);
    }

    /// The library where it is installed and does what is expected of it.
    static @Nullable Libcrypto installed() {
        return LIBRARY.get();
    }

    private static @Nullable Libcrypto link(SharedLibrary library) {
        Map<Sha2, HashFunctions> functions = new EnumMap<>(Sha2.class);
        for (Sha2 hash : Sha2.values()) {
            HashFunctions found = HashFunctions.of(library, hash);
            if (found == null) {
                return null;
            }
            functions.put(hash, found);
        }
        Libcrypto libcrypto = new Libcrypto(functions);
        return libcrypto.isAsExpected() ? libcrypto : null;
    }

    private boolean isAsExpected() {
        return Arrays.stream(Sha2.values())
                .allMatch(hash ->
                        Arrays.equals(digest(hash).digest(SAMPLE), hash.inJava().digest(SAMPLE)));
    }

    LibcryptoDigest digest(Sha2 hash) {
        return new LibcryptoDigest(hash, Objects.requireNonNull(functions.get(hash)));
    }

    /// Initializes, updates and finishes a state of [#STATE] bytes; each gives 1 for success.
    record HashFunctions(
            SharedLibrary.Function initialize,
            SharedLibrary.Function update,
            SharedLibrary.Function finish) {
        /// `SHA256_CTX` has 112 bytes, `SHA512_CTX` 216 (openssl/sha.h).
        static final int STATE = 256;

        /// Null where one of them is missing.
        static @Nullable HashFunctions of(SharedLibrary library, Sha2 hash) {
            String prefix =
                    switch (hash) {
                        case SHA256 -> "SHA256_";
                        case SHA512 -> "SHA512_";
                    };
            SharedLibrary.Function initialize = library.function(prefix + "Init");
            SharedLibrary.Function update = library.function(prefix + "Update");
            SharedLibrary.Function finish = library.function(prefix + "Final");
            return initialize == null || update == null || finish == null
                    ? null
                    : new HashFunctions(initialize, update, finish);
        }
    }
}
