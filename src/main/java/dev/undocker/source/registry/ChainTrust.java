package dev.undocker.source.registry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// Believes a server whose chain ends at one of the authorities. Java's own check is made with
/// those few that the chain names; later authorities are looked at when earlier ones do not do.
final class ChainTrust extends X509ExtendedTrustManager {
    private final List<Authorities> authorities;

    ChainTrust(List<Authorities> authorities) {
        this.authorities = List.copyOf(authorities);
    }

    private interface Check {
        void by(X509ExtendedTrustManager judge) throws CertificateException;
    }

    /// @param session with whoever shows the chain; null when its name is no matter
    private void check(
            X509Certificate[] chain, String type, @Nullable SSLSession session, Check check)
            throws CertificateException {
        List<X509Certificate> anchors = new ArrayList<>();
        CertificateException failure =
                new CertificateException(
                        "signed by %s, which this machine does not trust"
                                .formatted(chain[chain.length - 1].getIssuerX500Principal()));
        for (Authorities some : authorities) {
            if (anchors.addAll(some.of(chain))) {
                try {
                    check.by(judge(anchors));
                    return;
                } catch (CertificateException e) {
                    failure =
                            session != null && isTrusted(anchors, chain, type)
                                    ? new OtherServerException(session.getPeerHost(), chain[0])
                                    : e;
                }
            }
        }
        throw failure;
    }

    /// True when it is not the chain that is wrong.
    private static boolean isTrusted(
            List<X509Certificate> anchors, X509Certificate[] chain, String type) {
        try {
            judge(anchors).checkServerTrusted(chain, type);
            return true;
        } catch (CertificateException e) {
            return false;
        }
    }

    private static X509ExtendedTrustManager judge(List<X509Certificate> anchors)
            throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate anchor : anchors) {
                store.setCertificateEntry(String.valueOf(store.size()), anchor);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager trust) {
                    return trust;
                }
            }
            throw new CertificateException("no trust manager");
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException(e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        SSLSession session = socket instanceof SSLSocket safe ? safe.getHandshakeSession() : null;
        check(chain, type, session, judge -> judge.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        SSLSession session = engine.getHandshakeSession();
        check(chain, type, session, judge -> judge.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        check(chain, type, null, judge -> judge.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
