package io.redfleet.testkit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * What an authority puts its name to. The JDK reads certificates and makes none, but for keytool, which is a process of one or
 * two seconds each time: this writes X.509, version 3, in DER.
 *
 * @param subject its common name, and nothing else
 * @param names as keytool writes them, {@code dns:gateway.test,ip:127.0.0.1}; empty: it is an authority's own
 */
record CertificateDraft(String subject, PublicKey key, Instant from, Instant until, String names) {
    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BITS = 0x03;
    private static final int OCTETS = 0x04;
    private static final int OID = 0x06;
    private static final int UTF8 = 0x0c;
    private static final int TIME = 0x17;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    /** With a number added: a part that is told apart by it, and the same with its own tag inside. */
    private static final int PART = 0x80;

    private static final int WRAPPED = 0xa0;

    private static final String COMMON_NAME = "550403";
    private static final String KEY_ID = "551d0e";
    private static final String OTHER_NAMES = "551d11";
    private static final String CONSTRAINTS = "551d13";
    private static final String SIGNERS_KEY_ID = "551d23";
    private static final String ECDSA_WITH_SHA256 = "2a8648ce3d040302";

    /** Two digits of a year are of this century until 2049. */
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** @param signer of elliptic curves, whoever the subject is */
    X509Certificate signedBy(String issuer, KeyPair signer) throws GeneralSecurityException {
        byte[] algorithm = der(SEQUENCE, oid(ECDSA_WITH_SHA256));
        byte[] body = der(
                SEQUENCE,
                der(WRAPPED, der(INTEGER, new byte[] {2})),
                der(INTEGER, serial()),
                algorithm,
                name(issuer),
                der(SEQUENCE, moment(from), moment(until)),
                name(subject),
                key.getEncoded(),
                der(WRAPPED + 3, der(SEQUENCE, extensions(signer.getPublic()))));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(signer.getPrivate());
        signature.update(body);
        byte[] whole = der(SEQUENCE, body, algorithm, der(BITS, new byte[] {0}, signature.sign()));
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(whole));
    }

    private byte[][] extensions(PublicKey signer) throws GeneralSecurityException {
        byte[] own = extension(KEY_ID, der(OCTETS, id(key)));
        byte[] signers = extension(SIGNERS_KEY_ID, der(SEQUENCE, der(PART, id(signer))));
        if (names.isEmpty()) {
            byte[] yes = der(BOOLEAN, new byte[] {(byte) 0xff});
            return new byte[][] {own, signers, der(SEQUENCE, oid(CONSTRAINTS), yes, der(OCTETS, der(SEQUENCE, yes)))};
        }
        byte[][] each =
                Stream.of(names.split(",", -1)).map(CertificateDraft::other).toArray(byte[][]::new);
        return new byte[][] {own, signers, extension(OTHER_NAMES, der(SEQUENCE, each))};
    }

    private static byte[] other(String name) {
        int colon = name.indexOf(':');
        String value = name.substring(colon + 1);
        return switch (name.substring(0, colon + 1)) {
            case "dns:" -> der(PART + 2, value.getBytes(StandardCharsets.US_ASCII));
            case "ip:" -> der(PART + 7, address(value));
            default -> throw new IllegalArgumentException("name " + name + ": begins with dns: or ip:");
        };
    }

    private static byte[] address(String literal) {
        String[] numbers = literal.split("\\.", -1);
        if (numbers.length != 4) {
            throw new IllegalArgumentException("address " + literal + ": has to be an IPv4 address");
        }
        byte[] four = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            four[i] = (byte) Integer.parseInt(numbers[i]);
        }
        return four;
    }

    private static byte[] extension(String oid, byte[] value) {
        return der(SEQUENCE, oid(oid), der(OCTETS, value));
    }

    private static byte[] name(String common) {
        byte[] text = der(UTF8, common.getBytes(StandardCharsets.UTF_8));
        return der(SEQUENCE, der(SET, der(SEQUENCE, oid(COMMON_NAME), text)));
    }

    private static byte[] moment(Instant moment) {
        return der(TIME, MOMENT.format(moment).getBytes(StandardCharsets.US_ASCII));
    }

    /** Positive, and nobody else's. */
    private static byte[] serial() {
        return BigInteger.valueOf(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE))
                .toByteArray();
    }

    private static byte[] id(PublicKey key) throws GeneralSecurityException {
        return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()), 20);
    }

    private static byte[] oid(String hex) {
        return der(OID, HexFormat.of().parseHex(hex));
    }

    /** The parts, one after the other, under a tag and with their length: of less than 64 KiB. */
    private static byte[] der(int tag, byte[]... parts) {
        int length = Stream.of(parts).mapToInt(part -> part.length).sum();
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
