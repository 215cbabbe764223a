package dev.undocker.source.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;

/// A connection through the network.
final class TcpConnection implements Connection {
    private final Socket socket;
    private final InputStream input;

    /// @param socket connected; is closed with this
    TcpConnection(Socket socket) throws IOException {
        this.socket = socket;
        input = socket.getInputStream();
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public void patience(Duration silence) throws IOException {
        socket.setSoTimeout((int) silence.toMillis());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
