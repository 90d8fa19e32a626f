package io.redfleet.provisioner.edge.adopt;

import io.redfleet.adopt.Survey;
import io.redfleet.adopt.edge.Door;
import io.redfleet.adopt.edge.Login;
import io.redfleet.adopt.edge.Patience;
import io.redfleet.adopt.edge.SocketPeers;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.provisioner.order.Surveys;
import io.redfleet.provisioner.reach.SurveyReach;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Surveys over TCP, a few at a time. What a stranger's Sentinel names is looked up once, judged by its address, and connected to
 * by that address. Thread-safe.
 */
public final class SocketSurveys implements Surveys {
    /** What strangers can have this process keep is that many times what a survey keeps, some 20 MB, and what an answer takes. */
    static final int AT_A_TIME = 2;

    /** Of one survey; a cluster of 128 nodes says less than one. */
    static final long MOST_BYTES = 8L << 20;

    /** Within the ten seconds that a gateway waits for an answer. */
    private static final Patience PATIENCE =
            new Patience(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(8));

    private final Semaphore places;

    public SocketSurveys() {
        this(AT_A_TIME);
    }

    SocketSurveys(int atATime) {
        places = new Semaphore(atATime);
    }

    @Override
    public Came look(Wish wish) {
        if (!places.tryAcquire()) {
            return new Full(
                    "as many clusters are being surveyed as this provisioner surveys at a time: nobody was asked;"
                            + " ask again in some seconds");
        }
        try {
            Login login = new Login(wish.user(), wish.password());
            SocketPeers.Bounds bounds = new SocketPeers.Bounds(door(wish.reach()), MOST_BYTES);
            return new Looked(
                    new Survey(new SocketPeers(login, login, PATIENCE, bounds)).look(wish.sentinel(), wish.choice()));
        } finally {
            places.release();
        }
    }

    static Door door(SurveyReach reach) {
        return node -> way(node, reach);
    }

    private static Door.Way way(Endpoint node, SurveyReach reach) throws IOException {
        InetAddress address = InetAddress.getByName(node.host());
        Optional<String> forbidden = reach.forbids(address);
        return forbidden.isPresent()
                ? new Door.Shut("was not asked: " + address.getHostAddress() + " " + forbidden.get())
                : new Door.Open(address);
    }
}
