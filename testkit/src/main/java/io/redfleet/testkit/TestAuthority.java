package io.redfleet.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that nobody else knows, and the certificates that it signs, as PEM files. */
public final class TestAuthority {
    private static final String NAME = "Redfleet test authority";
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final Path directory;
    private final KeyPair keys;
    private final X509Certificate own;
    private final Path certificate;

    private TestAuthority(Path directory, KeyPair keys, X509Certificate own, Path certificate) {
        this.directory = directory;
        this.keys = keys;
        this.own = own;
        this.certificate = certificate;
    }

    /** @param directory made if it is not there; one for each authority */
    public static TestAuthority in(Path directory) {
        try {
            Files.createDirectories(directory);
            KeyPair keys = pair("EC");
            Instant now = Instant.now();
            X509Certificate own = new CertificateDraft(NAME, keys.getPublic(), now, now.plus(Duration.ofDays(365)), "")
                    .signedBy(NAME, keys);
            Path certificate =
                    Files.writeString(directory.resolve("authority.pem"), pem("CERTIFICATE", own.getEncoded()));
            return new TestAuthority(directory, keys, own, certificate);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The authority's own certificate. */
    public Path certificate() {
        return certificate;
    }

    /** Trusts this authority and nobody else. */
    public SSLContext client() {
        return trusting(certificate);
    }

    /** Trusts the authority whose certificate that file holds, and nobody else. */
    public static SSLContext trusting(Path authority) {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore known = KeyStore.getInstance("PKCS12");
            known.load(null, null);
            known.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(known);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Valid from yesterday for a month.
     *
     * @param names as keytool writes them: {@code dns:gateway.test,ip:127.0.0.1}
     */
    public Signed signed(String alias, String names) {
        return signed(alias, names, "EC", "-1d", 30);
    }

    /**
     * @param alias its common name, and that of its files
     * @param algorithm {@code EC}, {@code RSA} or {@code Ed25519}
     * @param start so many days ago, as keytool writes it: {@code -1d}
     */
    public Signed signed(String alias, String names, String algorithm, String start, int days) {
        if (!start.matches("-\\d{1,4}d")) {
            throw new IllegalArgumentException("start " + start + ": has to be like -1d");
        }
        Instant from = Instant.now().minus(Duration.ofDays(Integer.parseInt(start.substring(1, start.length() - 1))));
        try {
            KeyPair pair = pair(algorithm);
            X509Certificate made = new CertificateDraft(
                            alias, pair.getPublic(), from, from.plus(Duration.ofDays(days)), names)
                    .signedBy(NAME, keys);
            String chain = pem("CERTIFICATE", made.getEncoded()) + pem("CERTIFICATE", own.getEncoded());
            Path open = Files.writeString(directory.resolve(alias + ".pem"), chain);
            Path secret = directory.resolve(alias + ".key");
            Files.createFile(
                    secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(secret, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            return new Signed(open, secret, server(pair, made));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * What the authority has signed.
     *
     * @param certificate with the authority's after it
     * @param key for its owner alone
     * @param server shows it
     */
    public record Signed(Path certificate, Path key, SSLContext server) {}

    private SSLContext server(KeyPair pair, X509Certificate made) throws GeneralSecurityException, IOException {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry("server", pair.getPrivate(), PASSWORD, new Certificate[] {made, own});
        KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(one, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), null, null);
        return context;
    }

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (algorithm.equals("EC")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        } else if (algorithm.equals("RSA")) {
            generator.initialize(2048);
        }
        return generator.generateKeyPair();
    }

    private static String pem(String what, byte[] bytes) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
