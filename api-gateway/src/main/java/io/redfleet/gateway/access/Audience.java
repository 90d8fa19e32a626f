package io.redfleet.gateway.access;

import java.util.HashMap;
import java.util.Map;

/**
 * How many streams each token holds open. One token must not take the places of all others; how many there are in
 * all, and so the size of this table, is bounded by whoever owns the places.
 */
public final class Audience {
    private final int most;
    private final Map<String, Integer> byToken = new HashMap<>(); // guarded by this

    /** @param most streams of one token */
    public Audience(int most) {
        this.most = most;
    }

    /** Whether there is room for one more; then it has to {@link #leave}. Safe from any thread. */
    public synchronized boolean join(String tokenId) {
        int open = byToken.getOrDefault(tokenId, 0);
        if (open >= most) {
            return false;
        }
        byToken.put(tokenId, open + 1);
        return true;
    }

    public synchronized void leave(String tokenId) {
        byToken.computeIfPresent(tokenId, (id, open) -> open > 1 ? open - 1 : null);
    }

    synchronized int tokens() {
        return byToken.size();
    }
}
