package dev.undocker.source.daemon;

import dev.undocker.source.registry.NetworkFailure;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// A port of this or another machine.
///
/// @param tls null for plain HTTP
record TcpAddress(String name, int port, @Nullable SSLSocketFactory tls) implements DaemonAddress {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Override
    public Connection connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(name, port), (int) PATIENCE.toMillis());
            socket.setKeepAlive(true);
            return new TcpConnection(tls == null ? socket : secured(socket, tls));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Socket secured(Socket plain, SSLSocketFactory factory) throws IOException {
        plain.setSoTimeout((int) PATIENCE.toMillis());
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, name, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        // the certificate has to be this server's
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    @Override
    public String host() {
        return (name.indexOf(':') < 0 ? name : "[" + name + "]") + ":" + port;
    }

    @Override
    public String obstacle(IOException failure) {
        return NetworkFailure.reason(failure);
    }

    @Override
    public String hint() {
        return tls == null
                ? "is the daemon running there, and without TLS? DOCKER_TLS_VERIFY=1 is for TLS."
                : "is the daemon running there? DOCKER_CERT_PATH says where ca.pem, cert.pem and"
                        + " key.pem are.";
    }

    @Override
    public String toString() {
        return "tcp://" + host();
    }
}
