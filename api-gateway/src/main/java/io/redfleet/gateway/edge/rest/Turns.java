package io.redfleet.gateway.edge.rest;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets so many do something at once, and everybody else wait for a moment, then come back later. */
final class Turns {
    private final Semaphore places;
    private final Duration patience;

    /** @param patience how long one waits for a place before it is told to try again */
    Turns(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience;
    }

    <T> T take(Supplier<T> work) {
        try {
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw ProblemException.away("Other bodies are being read: try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProblemException.away("The gateway is stopping");
        }
        try {
            return work.get();
        } finally {
            places.release();
        }
    }
}
