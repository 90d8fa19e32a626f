package io.redfleet.cli.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * By what a gateway's certificate is believed: it is the very one that the gateway of this home has left here, or it is for
 * the name that was asked and signed by an authority. The authorities are those of the JDK, or those of one file instead.
 * Nothing makes it believe any other.
 */
public final class Trust {
    private final Optional<X509Certificate> own;
    private final @Nullable KeyStore authorities;

    private Trust(Optional<X509Certificate> own, @Nullable KeyStore authorities) {
        this.own = own;
        this.authorities = authorities;
    }

    /** What came of reading the files. */
    public sealed interface Read {
        record Found(Trust trust) implements Read {}

        record Refused(String reason) implements Read {}
    }

    /** The JDK's authorities alone. */
    public static Trust usual() {
        return new Trust(Optional.empty(), null);
    }

    /**
     * @param authorities a file in PEM; empty: the JDK's
     * @param own of the gateway itself, in PEM; not there: there is none
     */
    public static Read of(Optional<Path> authorities, Optional<Path> own) {
        Optional<X509Certificate> left = Optional.empty();
        if (own.isPresent()) {
            try {
                left = Optional.of(
                        (X509Certificate) certificates(own.get()).iterator().next());
            } catch (NoSuchFileException none) {
                left = Optional.empty();
            } catch (IOException | CertificateException e) {
                return new Read.Refused("the certificate that the gateway has left in " + own.get()
                        + " cannot be read: start the gateway anew, or remove the file");
            }
        }
        if (authorities.isEmpty()) {
            return new Read.Found(new Trust(left, null));
        }
        Path file = authorities.get();
        try {
            return new Read.Found(new Trust(left, store(certificates(file))));
        } catch (NoSuchFileException e) {
            return new Read.Refused("REDFLEET_CA names " + file + ": there is no such file");
        } catch (IOException e) {
            return new Read.Refused("REDFLEET_CA names " + file + ": " + GivenFile.why(file, e));
        } catch (GeneralSecurityException e) {
            return new Read.Refused("REDFLEET_CA names " + file + ": it holds no certificate in PEM");
        }
    }

    /** For a connection whose client checks names, as HTTP clients do. */
    SSLContext context() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authorities);
            X509ExtendedTrustManager others = (X509ExtendedTrustManager) factory.getTrustManagers()[0];
            SSLContext context = SSLContext.getInstance("TLS");
            TrustManager judge =
                    own.<TrustManager>map(one -> new OwnOr(one, others)).orElse(others);
            context.init(null, new TrustManager[] {judge}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Trusts no certificate; a client of plain HTTP that has it need not read those of this JDK, which takes 0.1 s. */
    static SSLContext nobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private static Collection<? extends Certificate> certificates(Path file) throws IOException, CertificateException {
        try (InputStream in = Files.newInputStream(file)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new CertificateException("none");
            }
            return found;
        }
    }

    private static KeyStore store(Collection<? extends Certificate> certificates)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int number = 0;
        for (Certificate each : certificates) {
            store.setCertificateEntry("authority-" + number++, each);
        }
        return store;
    }

    /** One certificate whatever its name, and all others as ever. */
    private static final class OwnOr extends X509ExtendedTrustManager {
        private final X509Certificate own;
        private final X509ExtendedTrustManager others;

        OwnOr(X509Certificate own, X509ExtendedTrustManager others) {
            this.own = own;
            this.others = others;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            if (!own.equals(chain[0])) {
                others.checkServerTrusted(chain, type, engine);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            if (!own.equals(chain[0])) {
                others.checkServerTrusted(chain, type, socket);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
            if (!own.equals(chain[0])) {
                throw new CertificateException("nobody says for which name it would be");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            checkClientTrusted(chain, type);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
            throw new CertificateException("this side asks, it does not answer");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return others.getAcceptedIssuers();
        }
    }
}
