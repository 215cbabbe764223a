package dev.undocker.source.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/// Puts into a few words why nobody could be reached in the network.
public final class NetworkFailure {
    private NetworkFailure() {}

    public static String reason(IOException failure) {
        return switch (failure) {
            case NoAnswerException none -> String.valueOf(none.getMessage());
            case UnknownHostException _ -> "no such host";
            case NoRouteToHostException _ -> "no route to it";
            case SocketTimeoutException late when isConnecting(late) -> "does not answer";
            case SocketTimeoutException _ -> "has sent nothing for a while";
            case ConnectException _ -> "nobody listens there: connection refused";
            case SSLException _ when isWithoutTls(failure) -> "it speaks no TLS";
            case SSLHandshakeException _ when rootOf(failure) instanceof EOFException ->
                    "it ends the connection where TLS should begin";
            case SSLException _ when rootOf(failure) instanceof EOFException ->
                    "the connection ended";
            case SSLException _ -> "no safe connection: " + root(failure);
            default -> isEnd(failure) ? "the connection ended" : root(failure);
        };
    }

    /// True for a server whose answer to TLS is none, in the words of Java's TLS.
    private static boolean isWithoutTls(IOException failure) {
        return failure instanceof SSLException
                && "Unsupported or unrecognized SSL message".equals(failure.getMessage());
    }

    /// True where a server may have no TLS: it answers in something else, or goes away.
    static boolean mayLackTls(IOException failure) {
        return isWithoutTls(failure)
                || failure instanceof SSLHandshakeException
                        && rootOf(failure) instanceof EOFException;
    }

    /// True for a server that does not even take the connection.
    static boolean isConnecting(SocketTimeoutException failure) {
        return "Connect timed out".equals(failure.getMessage());
    }

    /// True where less came than was to come, in the words of Java's client.
    private static boolean isEnd(IOException failure) {
        return "Premature EOF".equals(failure.getMessage())
                || "Unexpected end of file from server".equals(failure.getMessage());
    }

    static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    /// What the first of all causes says.
    private static String root(Throwable failure) {
        Throwable root = rootOf(failure);
        String message = root.getMessage();
        return message == null ? root.getClass().getSimpleName() : message;
    }
}
