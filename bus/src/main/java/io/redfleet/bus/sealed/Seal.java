package io.redfleet.bus.sealed;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Sealed;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.ServiceName;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * What a sealed secret is bound to; it opens with exactly this and the audience's key.
 *
 * @param occasion what it answers to; empty for the record of the topic
 */
public record Seal(ClusterUid uid, Purpose purpose, ServiceName audience, String occasion) {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    /** It does not open; the message says why and quotes nothing of it. */
    public static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;

        Broken(String reason) {
            super(reason);
        }
    }

    /** @param random draws the nonce: 96 random bits, for a few secrets per cluster and key */
    public Sealed close(Secret secret, AudienceKey key, SecureRandom random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce);
            byte[] text = cipher.doFinal(secret.reveal().getBytes(StandardCharsets.UTF_8));
            Base64.Encoder base64 = Base64.getEncoder();
            return new Sealed(key.id(), base64.encodeToString(nonce), base64.encodeToString(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + CIPHER, e);
        }
    }

    public Secret open(Sealed sealed, AudienceKey key) throws Broken {
        if (!sealed.keyId().equals(key.id())) {
            throw new Broken("it was sealed with key " + sealed.keyId() + ", and the " + audience.word() + " holds key "
                    + key.id());
        }
        try {
            Base64.Decoder base64 = Base64.getDecoder();
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, base64.decode(sealed.nonce()));
            return Secret.of(new String(cipher.doFinal(base64.decode(sealed.text())), StandardCharsets.UTF_8));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new Broken("it is not the password of " + purpose.word() + " of cluster " + uid + " for the "
                    + audience.word());
        }
    }

    private Cipher cipher(int mode, AudienceKey key, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
        // No part holds a line break, so that no two bindings have the same bytes.
        String bound = String.join("\n", "redfleet secret v1", uid.value(), purpose.word(), audience.word(), occasion);
        cipher.updateAAD(bound.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
