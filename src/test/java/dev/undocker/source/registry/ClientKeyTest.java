package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.undocker.UndockerException;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;

/// Keys as OpenSSL writes them.
class ClientKeyTest {
    @TempDir static Path made;

    /// A key that may be used with one hash alone.
    private static final String PSS384 =
            "rsa-pss -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:sha384 -pkeyopt"
                    + " rsa_pss_keygen_mgf1_md:sha384 -pkeyopt rsa_pss_keygen_saltlen:48 -sha384";

    private static OpenSsl openssl;

    @BeforeAll
    static void make() throws Exception {
        openssl = new OpenSsl(made);
        make("ec", "ec -pkeyopt ec_paramgen_curve:secp384r1");
        make("rsa", "rsa:2048");
        make("ed", "ed25519");
        make("pss", "rsa-pss -pkeyopt rsa_keygen_bits:2048");
        make("pss384", PSS384);
        openssl.run("ec -in ec.key -out ec-sec1.key");
        openssl.run("rsa -in rsa.key -traditional -out rsa-pkcs1.key");
        openssl.run("pkcs8 -topk8 -in ec.key -passout pass:x -out ec-encrypted.key");
        openssl.run("rsa -in rsa.key -traditional -aes128 -passout pass:x -out rsa-encrypted.key");
        openssl.run("ecparam -name secp384r1 -genkey -out ec-other.key");
        openssl.run("genpkey -algorithm rsa-pss -out pss-other.key");
    }

    private static void make(String name, String algorithm) throws Exception {
        openssl.run(
                "req -x509 -newkey %s -nodes -days 2 -subj /CN=%s -keyout %s.key -out %s.cert"
                        .formatted(algorithm, name, name, name));
    }

    private static ClientKey read(String certificate, String key) {
        return ClientKey.read(made.resolve(certificate), made.resolve(key));
    }

    @ParameterizedTest
    @CsvSource({
        "ec.cert,  ec.key,         PRIVATE KEY",
        "rsa.cert, rsa.key,        PRIVATE KEY",
        "ed.cert,  ed.key,         PRIVATE KEY",
        "pss.cert, pss.key,        PRIVATE KEY",
        "pss384.cert, pss384.key,  PRIVATE KEY",
        "ec.cert,  ec-sec1.key,    EC PRIVATE KEY",
        "rsa.cert, rsa-pkcs1.key,  RSA PRIVATE KEY",
    })
    void everyForm(String certificate, String key, String label) throws Exception {
        assertThat(made.resolve(key)).content().contains("-----BEGIN " + label + "-----");
        ClientKey read = read(certificate, key);
        assertThat(read.chain()).hasSize(1);
        assertThat(read.key().getAlgorithm())
                .isEqualTo(read.chain().getFirst().getPublicKey().getAlgorithm());
    }

    @ParameterizedTest
    @CsvSource({
        "ec.cert,  ec-encrypted.key,  ec-encrypted.key: encrypted keys are not supported",
        "rsa.cert, rsa-encrypted.key, rsa-encrypted.key: encrypted keys are not supported",
        "ec.cert,  ec-other.key,      ec-other.key: not the key of DIR/ec.cert",
        "ec.cert,  rsa.key,           rsa.key: not the key of DIR/ec.cert",
        "rsa.cert, ec-sec1.key,       ec-sec1.key: not the key of DIR/rsa.cert",
        "pss.cert, pss-other.key,     pss-other.key: not the key of DIR/pss.cert",
        "pss.cert, rsa.key,           rsa.key: not the key of DIR/pss.cert",
        "ec.cert,  ec.cert,           ec.cert: no private key in PEM",
        "ec.key,   ec.key,            ec.key: no certificate in PEM",
        "ec.cert,  none,              none: cannot be read: no such file or directory",
    })
    void whatIsWrongIsSaid(String certificate, String key, String expected) {
        assertThatThrownBy(() -> read(certificate, key))
                .isInstanceOf(UndockerException.class)
                .hasMessage(made + "/" + expected.replace("DIR", made.toString()));
    }

    @Test
    void theWholeChainIsKept() throws Exception {
        Path both = made.resolve("both.cert");
        Files.writeString(
                both,
                "What openssl says of it\n"
                        + Files.readString(made.resolve("ec.cert"))
                        + "and of the next\n"
                        + Files.readString(made.resolve("rsa.cert")));
        ClientKey read = ClientKey.read(both, made.resolve("ec.key"));
        assertThat(read.chain())
                .extracting(one -> one.getSubjectX500Principal().getName())
                .containsExactly("CN=ec", "CN=rsa");
    }
}
