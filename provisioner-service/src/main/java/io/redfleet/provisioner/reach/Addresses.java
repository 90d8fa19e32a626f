package io.redfleet.provisioner.reach;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses that no key reaches, whatever its limits say. */
public final class Addresses {
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("(?=.*:)[0-9A-Fa-f:.]{2,45}");

    /** Where the clouds keep a machine's own credentials; the usual one, 169.254.169.254, is link-local anyway. */
    private static final List<Range> METADATA =
            ranges("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254");

    private static final List<Range> LINK_LOCAL = ranges("169.254.0.0/16", "fe80::/10");
    /** Nobody's, this network, many at once, or reserved (RFC 6890). */
    private static final List<Range> NO_HOST = ranges("0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "::/128", "ff00::/8");

    /** IPv6 networks whose addresses lead to the IPv4 address in them, and where in it that begins. */
    private static final List<Embedded> EMBEDDED =
            List.of(new Embedded("::/96", 12), new Embedded("64:ff9b::/96", 12), new Embedded("2002::/16", 2));

    private record Embedded(Range range, int at) {
        Embedded(String range, int at) {
            this(Range.of(range).orElseThrow(), at);
        }
    }

    private Addresses() {}

    /** An address that is written as one; never asks anybody for a name. */
    public static Optional<InetAddress> literal(String text) {
        if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    /** Why nobody connects to this address; empty if somebody may. */
    public static Optional<String> never(InetAddress address) {
        if (in(METADATA, address)) {
            return Optional.of("is a cloud's metadata address, which is never reached");
        }
        if (in(LINK_LOCAL, address)) {
            return Optional.of("is a link-local address, which is never reached");
        }
        if (in(NO_HOST, address)) {
            return Optional.of("is not the address of one host");
        }
        return address instanceof Inet4Address ? Optional.empty() : neverInside(address);
    }

    private static Optional<String> neverInside(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (Embedded embedded : EMBEDDED) {
            // ::1 is the loopback address of IPv6, not 0.0.0.1.
            if (embedded.range().contains(address) && !address.isLoopbackAddress()) {
                try {
                    return never(InetAddress.getByAddress(
                            java.util.Arrays.copyOfRange(bytes, embedded.at(), embedded.at() + 4)));
                } catch (UnknownHostException e) {
                    throw new IllegalStateException("four bytes are an address", e);
                }
            }
        }
        return Optional.empty();
    }

    /** Whether it leads to the very machine that connects to it, be it as an address of IPv4 within one of IPv6. */
    static boolean loopback(InetAddress address) {
        if (address.isLoopbackAddress() || address instanceof Inet4Address) {
            return address.isLoopbackAddress();
        }
        byte[] bytes = address.getAddress();
        return EMBEDDED.stream()
                .filter(embedded -> embedded.range().contains(address))
                // Of IPv4 these are 127.0.0.0/8.
                .anyMatch(embedded -> bytes[embedded.at()] == 127);
    }

    private static boolean in(List<Range> ranges, InetAddress address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static List<Range> ranges(String... texts) {
        return java.util.Arrays.stream(texts)
                .map(text -> Range.of(text).orElseThrow())
                .toList();
    }
}
