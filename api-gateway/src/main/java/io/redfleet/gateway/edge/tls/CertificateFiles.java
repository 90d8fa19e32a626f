package io.redfleet.gateway.edge.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The two files that the settings name. Whatever is wrong with them is an {@link IllegalStateException} that names the
 * setting, the file and the rule, and nothing of what stands in the key's.
 */
public record CertificateFiles(Path certificate, Path key) {
    private static final String CERTIFICATE = "redfleet.gateway.tls.certificate";
    private static final String KEY = "redfleet.gateway.tls.key";
    private static final String NO_KEY =
            "holds no private key of EC, RSA or EdDSA in PKCS#8 without a password (openssl pkey -in OLD -out NEW)";
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");
    private static final Pattern BLOCK =
            Pattern.compile("(?s)-----BEGIN PRIVATE KEY-----(.+?)-----END PRIVATE KEY-----");
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    /** Empty when neither is set; one alone is refused. */
    public static Optional<CertificateFiles> of(Optional<Path> certificate, Optional<Path> key) {
        if (certificate.isEmpty() && key.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new CertificateFiles(named(CERTIFICATE, certificate, KEY), named(KEY, key, CERTIFICATE)));
    }

    private static Path named(String setting, Optional<Path> file, String other) {
        Path named = file.orElseThrow(() ->
                new IllegalStateException(setting + " is not set, and " + other + " is: TLS takes both or neither"));
        if (!named.isAbsolute()) {
            throw new IllegalStateException(setting + " is '" + named + "': it has to be an absolute path");
        }
        return named;
    }

    /** What stands in them, fit to be shown at that time. */
    Identity read(Instant now) {
        List<X509Certificate> chain = chain(bytes(CERTIFICATE, certificate));
        requireValid(chain.getFirst(), now);
        requireClosed();
        PrivateKey own = privateKey(bytes(KEY, key));
        if (!fits(own, chain.getFirst().getPublicKey())) {
            throw unfit(KEY, key, "does not belong to the first certificate in " + certificate);
        }
        return new Identity(chain, own);
    }

    private static byte[] bytes(String setting, Path file) {
        try {
            if (!Files.exists(file)) {
                throw unfit(setting, file, "there is no such file");
            }
            if (!Files.isRegularFile(file)) {
                throw unfit(setting, file, "has to be a file");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalStateException(
                    setting + " names " + file + ": it cannot be read ("
                            + e.getClass().getSimpleName() + ")",
                    e);
        }
    }

    private List<X509Certificate> chain(byte[] pem) {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (chain.isEmpty()) {
                throw unfit(CERTIFICATE, certificate, "holds no certificate in PEM");
            }
            return chain;
        } catch (CertificateException e) {
            throw new IllegalStateException(CERTIFICATE + " names " + certificate + ": holds no certificate in PEM", e);
        }
    }

    private void requireValid(X509Certificate own, Instant now) {
        try {
            own.checkValidity(Date.from(now));
        } catch (CertificateExpiredException e) {
            throw unfit(
                    CERTIFICATE,
                    certificate,
                    "has expired at " + own.getNotAfter().toInstant() + ", renew it");
        } catch (CertificateNotYetValidException e) {
            throw unfit(
                    CERTIFICATE,
                    certificate,
                    "is not valid before " + own.getNotBefore().toInstant() + ", look at this machine's clock");
        }
    }

    private void requireClosed() {
        try {
            if (Files.exists(key) && !OWNER.containsAll(Files.getPosixFilePermissions(key))) {
                throw unfit(KEY, key, "has to be its owner's alone (chmod 600)");
            }
        } catch (IOException e) {
            throw new IllegalStateException(KEY + " names " + key + ": whose it is cannot be read", e);
        }
    }

    private PrivateKey privateKey(byte[] pem) {
        Matcher block = BLOCK.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (block.find()) {
            try {
                PKCS8EncodedKeySpec encoded =
                        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(block.group(1)));
                for (String algorithm : ALGORITHMS) {
                    Optional<PrivateKey> read = privateKey(algorithm, encoded);
                    if (read.isPresent()) {
                        return read.get();
                    }
                }
            } catch (IllegalArgumentException e) {
                // Not kept as a cause: it may quote what stands there.
                throw unfit(KEY, key, NO_KEY);
            }
        }
        throw unfit(KEY, key, NO_KEY);
    }

    private static Optional<PrivateKey> privateKey(String algorithm, PKCS8EncodedKeySpec encoded) {
        try {
            return Optional.of(KeyFactory.getInstance(algorithm).generatePrivate(encoded));
        } catch (InvalidKeySpecException e) {
            return Optional.empty();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK knows no " + algorithm, e);
        }
    }

    private static boolean fits(PrivateKey key, PublicKey open) {
        String algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        try {
            byte[] word = CERTIFICATE.getBytes(StandardCharsets.US_ASCII);
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(word);
            Signature judging = Signature.getInstance(algorithm);
            judging.initVerify(open);
            judging.update(word);
            return judging.verify(signing.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static IllegalStateException unfit(String setting, Path file, String rule) {
        return new IllegalStateException(setting + " names " + file + ": " + rule);
    }
}
