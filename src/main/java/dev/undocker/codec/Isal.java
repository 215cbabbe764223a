package dev.undocker.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.undocker.linux.FileSystemCalls;
import dev.undocker.linux.SharedLibrary;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Intel's storage acceleration library, `libisal.so.2`, which decodes deflate data more than twice
/// as fast as Java does. Thread-safe.
///
/// It gives the same bytes. Of damaged data, which both refuse, it may say that they end too early
/// or have a wrong checksum where Java already sees that they are corrupt; and it would take a
/// Huffman code that leaves bits without a meaning which nothing uses, as no encoder writes it.
final class Isal {
    private static final InstalledLibrary<Isal> LIBRARY =
            new InstalledLibrary<>("libisal.so.2", Isal::link);

    /// From how many bytes on it has paid for what the first call of any library costs on the
    /// virtual machine, 0.07 to 0.11 s at 3 ms for each megabyte; and where that is paid for
    /// already.
    private static final long WORTH_LINKING = 32 << 20;

    private static final long WORTH_LOADING = 4 << 20;

    private static final byte[] SAMPLE = HexFormat.of().parseHex("cb48cdc9c957c84027b900");
    private static final byte[] SAMPLE_TEXT = "hello hello hello hello\n".getBytes(US_ASCII);
    private static final int SAMPLE_CRC = 0x0b598800;

    /// What comes after the sample's stream.
    private static final int SAMPLE_REST = 3;

    private final SharedLibrary.Function initialize;
    private final SharedLibrary.Function inflate;

    /// Decoders that nobody uses now.
    private final Queue<IsalDeflateDecoder> free = new ConcurrentLinkedQueue<>();

    private Isal(SharedLibrary.Function initialize, SharedLibrary.Function inflate) {
        this.initialize = initialize;
        this.inflate = inflate;
    }

    /// The library where it is worth its cost.
    ///
    /// @param toDecode how many bytes there are to decode in this run, about, as they are stored
    /// @return null where Java shall decode: it is not worth it, not wanted, or not there
    /// @throws dev.undocker.UndockerException when it is forced and not there
    static @Nullable Isal worthFor(long toDecode) {
        long least = FileSystemCalls.arePrepared() ? WORTH_LOADING : WORTH_LINKING;
        return LIBRARY.where(toDecode >= least);
    }

    /// The library where it is installed and does what is expected of it.
    static @Nullable Isal installed() {
        return LIBRARY.get();
    }

    private static @Nullable Isal link(SharedLibrary library) {
        SharedLibrary.Function initialize = library.function("isal_inflate_init");
        SharedLibrary.Function inflate = library.function("isal_inflate");
        if (initialize == null || inflate == null) {
            return null;
        }
        Isal isal = new Isal(initialize, inflate);
        return isal.isAsExpected() ? isal : null;
    }

    /// Whether the structure's fields lie where [IsalState] says, of which each is used here.
    private boolean isAsExpected() {
        try (IsalDeflateDecoder decoder = decoder()) {
            byte[] text = new byte[SAMPLE_TEXT.length + 1];
            int limit = SAMPLE.length + SAMPLE_REST;
            decoder.load(Arrays.copyOf(SAMPLE, limit), limit);
            decoder.begin(0);
            return decoder.decode(text, 0, text.length) == SAMPLE_TEXT.length
                    && decoder.isFinished()
                    && decoder.unused() == SAMPLE_REST
                    && decoder.crc() == SAMPLE_CRC
                    && Arrays.equals(text, Arrays.copyOf(SAMPLE_TEXT, text.length));
        } catch (IOException | IllegalStateException other) {
            return false;
        }
    }

    IsalDeflateDecoder decoder() {
        IsalDeflateDecoder decoder = free.poll();
        return decoder != null ? decoder : new IsalDeflateDecoder(this);
    }

    void release(IsalDeflateDecoder decoder) {
        free.add(decoder);
    }

    void initialize(IsalState state) {
        initialize.call(state.address(), 0, 0);
    }

    /// @return 0, or below it what is wrong
    int inflate(IsalState state) {
        return (int) inflate.call(state.address(), 0, 0);
    }
}
