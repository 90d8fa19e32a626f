package io.redfleet.gateway.access;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How often an address may offer tokens that open nothing.
 *
 * <p>So many wrong ones within the window, and the address is shut for the length of one more window, loopback like any
 * other. What comes from it then is not judged at all, so that even a right guess learns nothing. Two things stay open:
 * every other address, and a token that has entered from this very address before. Without the latter any user of a
 * shared machine, or anybody behind the same proxy, could lock out the rest.
 *
 * <p>At most {@link #ADDRESSES} are remembered, the longest unseen forgotten first, each with a number of the tokens
 * that entered from it: with {@link #KNOWN} of them 4,096 times about 1 KiB is 4 MiB. Whoever has more addresses than
 * that is counted anew now and then; the tokens' 256 bits are what holds, this table keeps the noise down.
 */
public final class Knocks {
    static final int ADDRESSES = 4_096;
    static final int KNOWN = 8;

    private final Terms terms;
    private final int most;
    // Guarded by this. In order of the last sight.
    private final Map<String, Address> addresses = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Address> eldest) {
            return size() > ADDRESSES;
        }
    };

    /**
     * @param failures from 1: the wrong tokens that shut an address
     * @param window within which they have to come, and for how long it is shut
     */
    public record Terms(int failures, Duration window) {
        public Terms {
            if (failures < 1 || window.isNegative() || window.isZero()) {
                throw new IllegalArgumentException("wrong tokens from 1 on, and a window longer than nothing");
            }
        }
    }

    private static final class Address {
        private final Set<String> known = new LinkedHashSet<>();
        private Instant since = Instant.MIN;
        private int failures;

        /** A clock that was set back begins anew: it must not shut anybody for longer than a window. */
        boolean over(Instant now, Duration window) {
            return now.isBefore(since) || !now.isBefore(since.plus(window));
        }
    }

    public Knocks(Terms terms) {
        this(terms, KNOWN);
    }

    /** @param most so many tokens are known of one address: of a proxy there may be as many as there are */
    public Knocks(Terms terms, int most) {
        this.terms = terms;
        this.most = most;
    }

    /**
     * What counts as one address: of IPv6 the first 64 bits, for a single customer has as many addresses as it likes.
     *
     * @param address as Java writes it: an IPv6 address with all of its eight groups
     */
    public static String place(String address) {
        String[] groups = address.split(":", -1);
        return groups.length < 8 ? address : String.join(":", groups[0], groups[1], groups[2], groups[3]) + "::/64";
    }

    /** For how long this request is not to be judged; empty: judge it. Safe from any thread, as all here. */
    public synchronized Optional<Duration> shut(String place, String tokenId, Instant now) {
        Address address = addresses.get(place);
        if (address == null
                || address.failures < terms.failures()
                || address.over(now, terms.window())
                || address.known.contains(tokenId)) {
            return Optional.empty();
        }
        return Optional.of(Duration.between(now, address.since.plus(terms.window())));
    }

    /** A token that opened nothing came from there; true if this one shut it. */
    public synchronized boolean failed(String place, Instant now) {
        Address address = addresses.computeIfAbsent(place, unseen -> new Address());
        if (address.failures == 0 || address.over(now, terms.window())) {
            address.since = now;
            address.failures = 0;
        }
        address.failures++;
        if (address.failures == terms.failures()) {
            // Shut from now on, however long the failures took to come.
            address.since = now;
        }
        return address.failures == terms.failures();
    }

    /** A token entered from there. */
    public synchronized void entered(String place, String tokenId) {
        Set<String> known = addresses.computeIfAbsent(place, unseen -> new Address()).known;
        if (known.remove(tokenId) || known.size() < most) {
            known.add(tokenId);
            return;
        }
        known.remove(known.iterator().next());
        known.add(tokenId);
    }

    /** How many wrong tokens shut an address. */
    public int failures() {
        return terms.failures();
    }

    synchronized int remembered() {
        return addresses.size();
    }
}
