package io.redfleet.provisioner.edge.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A lease on one host: a process there on a channel of its own (lease.sh), heartbeats from here, an answer to each.
 *
 * <p>Where the user redis keeps the directories, he and the base directory are made before (ground.sh): the lease itself
 * lies there. That needs no lease, because everybody makes the same, and what is there is left as it is. Root holds the
 * lease then: he who is redis must not say whose it is.
 *
 * <p>An answer counts from the moment at which its heartbeat was sent, so that this side never believes in a lease for
 * longer than the host does. A thread for each, because connecting to a silent host blocks, and the heartbeats of the
 * others must not wait for that; there are as many as hosts of running operations, and for a moment those of leases that were
 * given back (decision 0039).
 *
 * <p>The lock closes one race: an answer that comes while the heartbeats end. It is never held during I/O.
 */
final class SshLease implements HostLease {
    /** After this long without a heartbeat the host releases by itself; four heartbeats may be late. */
    static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration BEAT_HELD = Duration.ofSeconds(2);
    /** While it is another's; what is added to the handing over. */
    private static final Duration BEAT_WAITING = Duration.ofMillis(250);

    /** To find everything there, or to make it. */
    private static final Duration GROUND = Duration.ofSeconds(30);

    private static final int PIPE_BYTES = 1024;
    private static final int ERR_LIMIT_BYTES = 4096;
    /** How soon a channel that ended is noticed. */
    private static final long LOOK_EVERY_MILLIS = 100;

    private final HostAccess access;
    private final HostLeases.Request request;
    private final Bounded err = new Bounded(ERR_LIMIT_BYTES);

    private LeaseState state = new LeaseState.Asked();
    /** Whether heartbeats have begun; before that the connection has deadlines of its own. */
    private boolean open;

    private long confirmedAt;
    private long uptime;
    private Instant uptimeSeen = Instant.EPOCH;
    private boolean closed;

    SshLease(HostAccess access, HostLeases.Request request) {
        this.access = access;
        this.request = request;
    }

    void begin(Connection connection) {
        Thread thread = new Thread(() -> run(connection), "lease-" + access.host());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public synchronized LeaseState state() {
        if (open && System.nanoTime() - confirmedAt > SILENCE.toNanos() && !(state instanceof LeaseState.Lost)) {
            lose(access + " has answered no heartbeat for " + SILENCE.toSeconds() + " s");
        }
        return state;
    }

    @Override
    public synchronized LeaseState await(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            LeaseState now = state();
            long rest = (end - System.nanoTime()) / 1_000_000;
            if (rest <= 0 || now instanceof LeaseState.Held || now instanceof LeaseState.Lost) {
                return now;
            }
            try {
                wait(rest);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                lose("interrupted");
            }
        }
    }

    @Override
    public synchronized long uptimeAt(Instant wall) {
        return uptime + Math.floorDiv(Duration.between(uptimeSeen, wall).toMillis(), 10);
    }

    @Override
    public synchronized void close() {
        closed = true;
        lose("given back");
    }

    private void run(Connection connection) {
        if (request.keeper() == RunAs.REDIS && !stands(connection)) {
            return;
        }
        try (Lane.Lease lane = connection.feed()) {
            List<String> arguments =
                    List.of(request.base(), request.id(), request.holder().line(), "" + SILENCE.toSeconds());
            RunAs holder = request.keeper() == RunAs.REDIS ? RunAs.ROOT : request.keeper();
            Script script =
                    Scripts.talking(HostLeases.class, "lease", arguments).by(holder);
            PipedOutputStream beats = new PipedOutputStream();
            ChannelExec channel = Execution.talk(
                    lane, script, new PipedInputStream(beats, PIPE_BYTES), new Lines(this::answered), err);
            try {
                beat(channel, beats);
            } finally {
                channel.disconnect();
            }
        } catch (Connection.Refused e) {
            lost(String.valueOf(e.getMessage()));
        } catch (JSchException | IOException e) {
            lost(access + ": " + Connection.reason(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lost("interrupted");
        } catch (RuntimeException e) {
            // JSch's own; whoever waits for the lease must hear of it.
            lost(access + ": " + e);
        }
    }

    /** Whether there is what the lease lies in; without it the lease is lost. */
    private boolean stands(Connection connection) {
        List<String> arguments =
                new ArrayList<>(List.of(request.base(), request.holder().cluster(), request.service()));
        arguments.addAll(request.homes());
        Script ground =
                Scripts.of(HostLeases.class, "ground", GROUND, arguments).by(RunAs.ROOT);
        try (Lane.Lease lane = connection.work()) {
            Reply reply = Execution.run(access, lane, ground);
            if (reply instanceof Reply.Failed failed) {
                lost(failed.reason());
            } else if (reply instanceof Reply.Done done && !done.ok()) {
                lost(access + ": " + ground.shown() + ": " + done.err().strip());
            } else {
                return true;
            }
        } catch (Connection.Refused e) {
            lost(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            // JSch's own; whoever waits for the lease must hear of it.
            lost(access + ": " + e);
        }
        return false;
    }

    private void beat(ChannelExec channel, PipedOutputStream beats) throws IOException, InterruptedException {
        long next = System.nanoTime();
        synchronized (this) {
            confirmedAt = next;
            open = true;
        }
        while (!over()) {
            if (channel.isClosed()) {
                String said = err.text().strip();
                lost(access + ": " + (said.isEmpty() ? "the lease's channel ended" : said));
                return;
            }
            long now = System.nanoTime();
            if (now - next >= 0) {
                synchronized (this) {
                    next = now + (state instanceof LeaseState.Held ? BEAT_HELD : BEAT_WAITING).toNanos();
                }
                // Its own time of sending, which the answer repeats.
                beats.write((now + "\n").getBytes(StandardCharsets.US_ASCII));
                beats.flush();
            }
            synchronized (this) {
                if (!closed) {
                    wait(LOOK_EVERY_MILLIS);
                }
            }
        }
    }

    private boolean over() {
        if (request.given().getAsBoolean()) {
            lost("the work belongs to another");
        }
        return state() instanceof LeaseState.Lost;
    }

    /** What comes is the host's word: a heartbeat that was not sent yet confirms nothing. */
    synchronized void answered(String line) {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[1].matches("-?\\d{1,19}") || state instanceof LeaseState.Lost) {
            return;
        }
        BigInteger sent = new BigInteger(words[1]);
        if (sent.bitLength() > 63 || System.nanoTime() - sent.longValue() < 0) {
            return;
        }
        confirmedAt = sent.longValue();
        String rest = words.length > 2 ? words[2] : "";
        if (words[0].equals("held") && rest.matches("\\d{1,15}")) {
            uptime = Long.parseLong(rest);
            uptimeSeen = Instant.now();
            state = new LeaseState.Held();
        } else if (words[0].equals("busy")) {
            state = new LeaseState.Busy(Holder.shown(rest), rest);
        } else {
            state = new LeaseState.Busy("a script of its former holder still runs there", "");
        }
        notifyAll();
    }

    private synchronized void lost(String reason) {
        lose(reason);
    }

    /** The first reason stands. */
    private void lose(String reason) {
        if (!(state instanceof LeaseState.Lost)) {
            state = new LeaseState.Lost(reason);
        }
        notifyAll();
    }
}
