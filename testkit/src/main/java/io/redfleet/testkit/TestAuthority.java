package io.redfleet.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority that nobody else knows, and the certificates that it signs, as PEM files; by the JDK's keytool. */
public final class TestAuthority {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration MADE_WITHIN = Duration.ofSeconds(60);

    private final Path directory;
    private final Path store;
    private final Path certificate;

    private TestAuthority(Path directory) {
        this.directory = directory;
        this.store = directory.resolve("authority.p12");
        this.certificate = directory.resolve("authority.pem");
    }

    /** @param directory made if it is not there; one for each authority */
    public static TestAuthority in(Path directory) {
        TestAuthority authority = new TestAuthority(directory);
        try {
            Files.createDirectories(directory);
            authority.keytool(
                    "authority",
                    "EC",
                    "-dname",
                    "CN=Redfleet test authority",
                    "-validity",
                    "365",
                    "-ext",
                    "bc:c=ca:true");
            Files.writeString(authority.certificate, pem("CERTIFICATE", authority.chain("authority")[0].getEncoded()));
            return authority;
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

    /** @param start as keytool writes it, as {@code -1d} */
    public Signed signed(String alias, String names, String algorithm, String start, int days) {
        keytool(
                alias,
                algorithm,
                "-dname",
                "CN=" + alias,
                "-signer",
                "authority",
                "-startdate",
                start,
                "-validity",
                Integer.toString(days),
                "-ext",
                "san=" + names);
        try {
            StringBuilder chain = new StringBuilder();
            for (Certificate each : chain(alias)) {
                chain.append(pem("CERTIFICATE", each.getEncoded()));
            }
            Path open = Files.writeString(directory.resolve(alias + ".pem"), chain);
            Path secret = directory.resolve(alias + ".key");
            Files.createFile(
                    secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            byte[] key = load().getKey(alias, PASSWORD).getEncoded();
            Files.writeString(secret, pem("PRIVATE KEY", key));
            return new Signed(open, secret, server(alias));
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

    private SSLContext server(String alias) throws GeneralSecurityException, IOException {
        KeyStore one = KeyStore.getInstance("PKCS12");
        one.load(null, null);
        one.setKeyEntry(alias, load().getKey(alias, PASSWORD), PASSWORD, chain(alias));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(one, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private Certificate[] chain(String alias) throws GeneralSecurityException, IOException {
        return load().getCertificateChain(alias);
    }

    private KeyStore load() throws GeneralSecurityException, IOException {
        KeyStore loaded = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            loaded.load(in, PASSWORD);
        }
        return loaded;
    }

    private static String pem(String what, byte[] bytes) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }

    /** A pair in the store under that alias. */
    private void keytool(String alias, String algorithm, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD)));
        command.addAll(List.of(arguments));
        Child keytool = Child.start(command, directory, directory.resolve("keytool.log"));
        Await.until("the end of keytool", MADE_WITHIN, () -> !keytool.alive());
        try {
            if (!load().containsAlias(alias)) {
                throw new AssertionError("keytool made nothing:\n" + keytool.output());
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("keytool made nothing:\n" + keytool.output(), e);
        }
    }
}
