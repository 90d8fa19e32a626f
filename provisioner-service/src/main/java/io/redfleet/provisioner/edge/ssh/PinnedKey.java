package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import io.redfleet.provisioner.survey.Trouble;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges the key that one host shows, on one connection: the pinned one; or, where none is pinned, one with a certificate of an
 * authority that known_hosts has for its address; or, where there is none either, any at first contact, which is then pinned. JSch
 * asks after the host has proved that it holds the private half, and looks at certificates itself.
 */
final class PinnedKey implements HostKeyRepository {
    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    private final KnownHosts known;
    private final String address;
    private final int port;
    private final String fromSpec;
    private List<MarkedKey> marked = List.of();
    private String refusal = "";
    private Trouble trouble = Trouble.HOST_KEY_CHANGED;

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

    /** Before the connection: what the admin's lines say now. Fails where they cannot be read, and nothing is believed then. */
    void begin() throws IOException {
        marked = known.marked(address, port);
    }

    /** Why the key was refused, or empty. */
    String refusal() {
        return refusal;
    }

    /** What the refusal is. */
    Trouble trouble() {
        return trouble;
    }

    /**
     * What the host is asked for: it has several keys; asked for any, it could show one that we never pinned.
     *
     * @param all what JSch would ask for
     */
    String algorithms(String all) {
        String plain = named(all, false);
        String expected = expected();
        String type = expected.substring(0, Math.max(0, expected.indexOf(' ')));
        return switch (type) {
            case "" -> (hasAuthority() ? named(all, true) : "ssh-ed25519,ecdsa-sha2-nistp256") + "," + plain;
            case "ssh-rsa" -> "rsa-sha2-512,rsa-sha2-256," + plain;
            default -> type + "," + plain;
        };
    }

    private static String named(String all, boolean certificates) {
        return Stream.of(all.split(","))
                .filter(name -> name.endsWith(CERTIFICATE) == certificates)
                .collect(Collectors.joining(","));
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
        if (marked.stream().anyMatch(one -> one.isRevoked() && one.key().equals(shown))) {
            return untrusted("which known_hosts has as @revoked", shown);
        }
        String expected = expected();
        if (expected.isEmpty() && hasAuthority()) {
            return untrusted("and no certificate; known_hosts has a @cert-authority for its address", shown);
        }
        if (expected.isEmpty() && !known.learns()) {
            return untrusted(
                    "which nobody has pinned: compare it on its console, then write the key into the spec's ssh.hostKey, or"
                            + " as " + address + ":" + port + " TYPE KEY into known_hosts",
                    shown);
        }
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

    private int untrusted(String why, String shown) {
        trouble = Trouble.HOST_KEY_UNTRUSTED;
        refusal = "the host shows " + shown.substring(0, shown.indexOf(' ')) + " " + fingerprint(shown) + ", " + why;
        return NOT_INCLUDED;
    }

    private boolean hasAuthority() {
        return marked.stream().anyMatch(one -> !one.isRevoked());
    }

    /** The algorithm name at the head of a key blob (RFC 4253, 6.6). */
    static String typeOf(byte[] blob) {
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

    /** Whom JSch holds certificates against: all are about this very place. */
    @Override
    public HostKey[] getHostKey() {
        String place = port == 22 ? address : "[" + address + "]:" + port;
        List<HostKey> keys = new ArrayList<>();
        for (MarkedKey one : marked) {
            try {
                keys.add(one.shown(place));
            } catch (JSchException e) {
                throw new IllegalStateException("it was read as a key before: " + one.key(), e);
            }
        }
        return keys.toArray(HostKey[]::new);
    }

    @Override
    public HostKey[] getHostKey(@Nullable String host, @Nullable String type) {
        return new HostKey[0];
    }
}
