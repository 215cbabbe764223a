package dev.undocker.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;

/// What a decoder of gzip makes of some bytes.
///
/// @param data empty when they are refused
/// @param message the empty string when they are not
record GzipAgreement(byte[] data, String message) {
    private static final String CORRUPT = "gzip: corrupt data";

    private static GzipAgreement of(Decoder decoder, byte[] stored) {
        try {
            return new GzipAgreement(decoder.decode(stored), "");
        } catch (IOException e) {
            return new GzipAgreement(new byte[0], String.valueOf(e.getMessage()));
        }
    }

    /// Both decoders give the same bytes, or refuse with the same words. What Java refuses at once
    /// may lead the library astray first, until the data ends or gives something else.
    static void require(byte[] stored) {
        GzipAgreement java = of(Decoder.GZIP, stored);
        GzipAgreement library = of(Decoder.GZIP_OF_LIBRARY, stored);
        String input = HexFormat.of().formatHex(stored);
        assertThat(library.data).as(input).isEqualTo(java.data);
        if (java.message.equals(CORRUPT)) {
            assertThat(library.message)
                    .as(input)
                    .isIn(CORRUPT, "gzip: data ends too early", "gzip: wrong checksum");
        } else {
            assertThat(library.message).as(input).isEqualTo(java.message);
        }
    }
}
