package dev.undocker.image;

import java.util.Set;

/// Knows where images of one or several transports are, in the words of containers-transports(5). A
/// CDI bean; stateless and thread-safe.
public interface ImageSource {
    /// The words in front of the first colon that are this source's; the empty one stands for a
    /// reference without such a word. No two sources have the same.
    Set<String> transports();

    /// Understands a reference; nothing is read yet.
    ///
    /// @param transport one of [#transports()]
    /// @param rest what follows the colon, which the transport alone understands
    /// @throws dev.undocker.UndockerException of wrong usage when it is none of this transport
    ImageLocation locate(String transport, String rest);
}
