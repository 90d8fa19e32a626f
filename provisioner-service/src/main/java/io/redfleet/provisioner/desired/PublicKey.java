package io.redfleet.provisioner.desired;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A public key as {@code type base64}, judged by its form alone. */
final class PublicKey {
    private PublicKey() {}

    /** Whether the base64 holds a key of that type and nothing but it (RFC 4253, 6.6; RFC 5656, 3.1; RFC 8709, 4). */
    static boolean isWhole(String key) {
        String type = key.substring(0, key.indexOf(' '));
        ByteBuffer blob;
        try {
            blob = ByteBuffer.wrap(Base64.getDecoder().decode(key.substring(type.length() + 1)));
        } catch (IllegalArgumentException cut) {
            return false;
        }
        int parts = 0;
        String named = "";
        while (blob.remaining() >= 4) {
            int length = blob.getInt();
            if (length < 1 || length > blob.remaining()) {
                return false;
            }
            byte[] part = new byte[length];
            blob.get(part);
            if (parts++ == 0) {
                named = new String(part, StandardCharsets.US_ASCII);
            }
        }
        return !blob.hasRemaining() && named.equals(type) && parts == (type.equals("ssh-ed25519") ? 2 : 3);
    }
}
