package dev.undocker.output.program;

import dev.undocker.image.Digest;
import dev.undocker.image.ImageConfig;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.UUID;

/// What a file system has of its own where its program would take the time and a random number: it
/// comes from the image, so that the same image gives the same bytes.
///
/// @param uuid of version 8 (RFC 9562, section 5.8), from the layers' diffIDs
/// @param seconds since 1970, from 1 on: `SOURCE_DATE_EPOCH`
///   (<https://reproducible-builds.org/specs/source-date-epoch/>), or else when the image was made
public record ImageIdentity(UUID uuid, long seconds) {
    private static final long LATEST = 0xffff_ffffL;

    public static ImageIdentity of(ImageConfig image) {
        StringBuilder layers = new StringBuilder();
        image.diffIds().forEach(layer -> layers.append(layer).append('\n'));
        String hex = Digest.sha256(layers.toString().getBytes(StandardCharsets.UTF_8)).hex();
        long high = Long.parseUnsignedLong(hex.substring(0, 16), 16);
        long low = Long.parseUnsignedLong(hex.substring(16, 32), 16);
        UUID uuid =
                new UUID(
                        (high & ~0xf000L) | 0x8000L,
                        (low & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
        String named = System.getenv("SOURCE_DATE_EPOCH");
        OptionalLong seconds =
                named == null || named.isEmpty()
                        ? image.createdSeconds()
                        : OptionalLong.of(Long.parseLong(named));
        // some programs take 0 for no time
        return new ImageIdentity(uuid, Math.clamp(seconds.orElse(1), 1, LATEST));
    }
}
