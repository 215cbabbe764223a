package dev.undocker.source.registry;

import dev.undocker.UndockerException;
import dev.undocker.source.JsonDocument;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// One registry's entry under `auths`
/// (<https://github.com/docker/cli/blob/master/cli/config/types/authconfig.go>).
final class AuthEntry {
    private AuthEntry() {}

    /// @return null when there are none, as in the `{}` that marks what a helper keeps
    /// @throws UndockerException when the entry makes no sense; nothing of it is quoted
    static @Nullable Credentials read(JsonDocument entry) {
        String registryToken = entry.string("registrytoken");
        if (registryToken != null) {
            if (!Credentials.BearerToken.isOne(registryToken)) {
                throw entry.refuse("registrytoken: not a token");
            }
            return new Credentials.BearerToken(registryToken);
        }
        String identityToken = entry.string("identitytoken");
        if (identityToken != null) {
            return new Credentials.IdentityToken(identityToken);
        }
        String auth = entry.string("auth");
        return auth == null
                ? Credentials.stored(entry.string("username"), entry.string("password"))
                : decode(entry, auth);
    }

    private static @Nullable Credentials decode(JsonDocument entry, String auth) {
        String text;
        try {
            // Go, for which these files are written, passes over line ends.
            byte[] bytes = Base64.getDecoder().decode(auth.replaceAll("[\r\n]", ""));
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            throw entry.refuse("auth: not base64 of USER:PASSWORD");
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw entry.refuse("auth: not base64 of USER:PASSWORD");
        }
        return Credentials.stored(
                text.substring(0, colon), withoutZeros(text.substring(colon + 1)));
    }

    /// Old clients filled the password up.
    private static String withoutZeros(String password) {
        return password.replaceAll("^\0+|\0+$", "");
    }
}
