package dev.undocker.source.registry;

import dev.undocker.UndockerException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/// By what this machine proves who it is.
///
/// @param chain the key's certificate and those that lead from it to an authority
record ClientKey(PrivateKey key, List<X509Certificate> chain) {
    private static final byte[] VERSION = Der.element(Der.INTEGER, new byte[1]);

    ClientKey {
        chain = List.copyOf(chain);
    }

    /// Both files in PEM. The key is PKCS #8 (`PRIVATE KEY`), or `RSA PRIVATE KEY` or `EC PRIVATE
    /// KEY` as old OpenSSL writes them.
    ///
    /// @throws UndockerException when one of them is not so, or both do not belong together
    static ClientKey read(Path certificates, Path key) {
        List<X509Certificate> chain = new ArrayList<>();
        for (PemBlock block : blocks(certificates)) {
            if (block.isCertificate()) {
                chain.add(certificate(certificates, block.bytes()));
            }
        }
        if (chain.isEmpty()) {
            throw new UndockerException("%s: no certificate in PEM".formatted(certificates));
        }
        PublicKey owner = chain.getFirst().getPublicKey();
        byte[] encoded = privateKey(key, owner);
        try {
            PrivateKey secret =
                    KeyFactory.getInstance(owner.getAlgorithm())
                            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
            if (belongsTo(secret, owner)) {
                return new ClientKey(secret, chain);
            }
        } catch (GeneralSecurityException e) {
            // of another kind than the certificate's, or damaged
        }
        throw new UndockerException("%s: not the key of %s".formatted(key, certificates));
    }

    private static List<PemBlock> blocks(Path file) {
        try {
            return PemBlock.parse(Files.readAllBytes(file));
        } catch (IOException e) {
            throw UndockerException.because("%s: cannot be read".formatted(file), e);
        }
    }

    private static X509Certificate certificate(Path file, byte[] bytes) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(bytes));
        } catch (CertificateException e) {
            throw new UndockerException("%s: not a certificate".formatted(file), e);
        }
    }

    /// In PKCS #8.
    private static byte[] privateKey(Path file, PublicKey owner) {
        for (PemBlock block : blocks(file)) {
            if (block.label().equals("ENCRYPTED PRIVATE KEY")
                    || block.label().endsWith("PRIVATE KEY") && block.hasHeaders()) {
                throw new UndockerException("%s: encrypted keys are not supported".formatted(file))
                        .withHint("openssl pkey -in KEY -out KEY2 writes it without a passphrase");
            }
            if (block.label().equals("PRIVATE KEY")) {
                return block.bytes();
            }
            if (block.label().endsWith(" PRIVATE KEY")) {
                return wrapped(block.bytes(), owner);
            }
        }
        throw new UndockerException("%s: no private key in PEM".formatted(file));
    }

    /// PKCS #8 is the algorithm around a key of PKCS #1 or SEC 1 (RFC 5208, section 5), and the
    /// certificate has that, with the curve, in front of its key (RFC 5280, section 4.1).
    private static byte[] wrapped(byte[] key, PublicKey owner) {
        byte[] algorithm = Der.of(owner.getEncoded()).enter().next();
        return Der.element(Der.SEQUENCE, VERSION, algorithm, Der.element(Der.OCTET_STRING, key));
    }

    private static boolean belongsTo(PrivateKey key, PublicKey owner)
            throws GeneralSecurityException {
        if (key instanceof RSAKey half && owner instanceof RSAKey other) {
            // what RSASSA-PSS signs depends on what the key is restricted to
            return half.getModulus().equals(other.getModulus());
        }
        String algorithm =
                owner.getAlgorithm().equals("EC") ? "SHA256withECDSA" : owner.getAlgorithm();
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        byte[] signed = signature.sign();
        signature.initVerify(owner);
        return signature.verify(signed);
    }
}
