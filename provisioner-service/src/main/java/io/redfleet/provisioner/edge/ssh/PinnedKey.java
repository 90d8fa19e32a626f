package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Judges the key that one host shows: the pinned one, or at first contact any, which is then pinned. JSch asks after
 * the host has proved that it holds the private half.
 */
final class PinnedKey implements HostKeyRepository {
    private final KnownHosts known;
    private final String address;
    private final int port;
    private final String fromSpec;
    private String refusal = "";

    PinnedKey(KnownHosts known, String address, int port, String fromSpec) {
        this.known = known;
        this.address = address;
        this.port = port;
        this.fromSpec = fromSpec;
    }

    /** The key that the host must show, or empty before first contact. A key in the spec comes before a learnt one. */
    String expected() {
        return fromSpec.isEmpty() ? known.key(address, port).orElse("") : fromSpec;
    }

    /** Before each connection: what was refused on the last one says nothing about this one. */
    void begin() {
        refusal = "";
    }

    /** Why the last key was refused, or empty. */
    String refusal() {
        return refusal;
    }

    /** As ssh-keygen shows it; "unreadable" for text that is no key, for JSch asks in the middle of a handshake. */
    static String fingerprint(String key) {
        try {
            byte[] blob = Base64.getDecoder().decode(key.substring(key.indexOf(' ') + 1));
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
            return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
        } catch (IllegalArgumentException e) {
            return "unreadable";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public int check(String host, byte[] blob) {
        String shown = typeOf(blob) + " " + Base64.getEncoder().encodeToString(blob);
        String expected = expected();
        if (expected.isEmpty()) {
            try {
                expected = known.learn(address, port, shown);
            } catch (IOException e) {
                refusal = "the host key cannot be recorded: " + e.getMessage();
                return NOT_INCLUDED;
            }
        }
        if (expected.equals(shown)) {
            return OK;
        }
        refusal = "the host shows " + fingerprint(shown) + ", pinned is " + fingerprint(expected);
        return CHANGED;
    }

    /** The algorithm name at the head of a key blob (RFC 4253, 6.6). */
    private static String typeOf(byte[] blob) {
        if (blob.length < 4) {
            return "unknown";
        }
        int length = (blob[0] & 0xff) << 24 | (blob[1] & 0xff) << 16 | (blob[2] & 0xff) << 8 | (blob[3] & 0xff);
        if (length < 1 || length > blob.length - 4) {
            return "unknown";
        }
        return new String(Arrays.copyOfRange(blob, 4, 4 + length), java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Override
    public void add(HostKey key, UserInfo ui) {
        // check() has pinned it already.
    }

    @Override
    public void remove(String host, String type) {
        throw new UnsupportedOperationException("a pinned key is not removed by a connection");
    }

    @Override
    public void remove(String host, String type, byte[] key) {
        throw new UnsupportedOperationException("a pinned key is not removed by a connection");
    }

    @Override
    public String getKnownHostsRepositoryID() {
        return "pinned key of " + address + ":" + port;
    }

    @Override
    public HostKey[] getHostKey() {
        return new HostKey[0];
    }

    @Override
    public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
        return new HostKey[0];
    }
}
