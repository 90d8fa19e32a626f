package io.redfleet.provisioner.reach;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/** The addresses that begin with the same bits, as in {@code 10.0.0.0/16}. */
public final class Range {
    private final byte[] network;
    private final int bits;
    private final String text;

    private Range(byte[] network, int bits, String text) {
        this.network = network.clone();
        this.bits = bits;
        this.text = text;
    }

    /** An address, or a network and its number of bits; empty if it is neither, or has bits beyond those of the network. */
    public static Optional<Range> of(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        byte[] network = address.get().getAddress();
        int all = network.length * Byte.SIZE;
        String count = slash < 0 ? String.valueOf(all) : text.substring(slash + 1);
        if (!count.matches("[0-9]{1,3}") || Integer.parseInt(count) > all) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(count);
        return Arrays.equals(network, masked(network, bits))
                ? Optional.of(new Range(network, bits, text))
                : Optional.empty();
    }

    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        return other.length == network.length && Arrays.equals(network, masked(other, bits));
    }

    /** Whether every address of the other is one of this. */
    public boolean covers(Range other) {
        return other.network.length == network.length
                && bits <= other.bits
                && Arrays.equals(network, masked(other.network, bits));
    }

    /** How many bits its addresses begin with alike. */
    public int bits() {
        return bits;
    }

    /** Whether its addresses are of IPv4. */
    public boolean isIpv4() {
        return network.length == 4;
    }

    /** Written in one way, however it was written: an address alone, or with its number of bits. */
    public String canonical() {
        try {
            String address = InetAddress.getByAddress(network).getHostAddress();
            return bits == network.length * Byte.SIZE ? address : address + "/" + bits;
        } catch (UnknownHostException e) {
            throw new IllegalStateException("as many bytes as an address has are one", e);
        }
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - (long) i * Byte.SIZE, 0, Byte.SIZE);
            masked[i] = (byte) (masked[i] & (0xff << (Byte.SIZE - kept)));
        }
        return masked;
    }

    @Override
    public String toString() {
        return text;
    }
}
