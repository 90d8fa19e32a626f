package io.redfleet.provisioner.facts;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.event.About;
import io.redfleet.contracts.event.Event;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.event.HostEvent;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.survey.HostFeed;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One host of one cluster: its channel, what was last heard, what was last written.
 *
 * <p>Connecting, hearing and ticking happen on three threads. They meet in {@link #phase}, {@link #heard} and {@link
 * #lostBecause} only; everything else belongs to the ticking thread.
 */
final class FollowedHost {
    /** Three periods without a line: the channel stands but the host does not speak. */
    private static final int SILENT_PERIODS = 3;

    private static final Duration LEAST_SILENCE = Duration.ofSeconds(5);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(30);

    private enum Phase {
        IDLE,
        CONNECTING,
        OPEN,
        CANCELLED
    }

    private record Heard(String line, long number) {}

    private final ClusterName cluster;
    private final ClusterUid uid;
    /** For a cluster's life, as its uid. */
    private final RunAs keeper;

    private final HostSpec host;
    private final List<String> called;
    private final HostWatch.Terms terms;
    private final Boots boots = new Boots();

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.IDLE);
    private final AtomicReference<@Nullable Heard> heard = new AtomicReference<>();
    private final AtomicReference<Reply.@Nullable Failed> lostBecause = new AtomicReference<>();
    private final AtomicReference<HostFeed.@Nullable Subscription> channel = new AtomicReference<>();

    private volatile Duration pace;
    private @Nullable HostFacts written;
    private long seen;
    /** {@link #seen} when the channel was asked for: no more than that, and it ended before its first line. */
    private long seenBefore;

    private Instant lastHeard = Instant.EPOCH;
    private Instant nextAttempt = Instant.EPOCH;
    private Duration pause = Duration.ofSeconds(1);

    FollowedHost(ClusterState state, HostSpec host, HostWatch.Terms terms, @Nullable HostFacts written) {
        this.cluster = state.name();
        this.uid = state.uid();
        this.keeper = RunAs.keeper(state.spec());
        this.host = host;
        this.called = Place.called(state.spec(), host);
        this.terms = terms;
        this.written = written;
        this.pace = terms.atLeast();
    }

    /** Facts that say nothing new are written no more often than this. */
    void pace(Duration atLeast) {
        pace = atLeast;
    }

    boolean isFor(ClusterUid wanted, HostSpec spec) {
        return uid.equals(wanted) && host.equals(spec);
    }

    void cancel() {
        phase.set(Phase.CANCELLED);
        HostFeed.Subscription open = channel.getAndSet(null);
        if (open != null) {
            open.cancel();
        }
    }

    void tick(Instant now, Ledger ledger) {
        if (phase.get() == Phase.CANCELLED) {
            return;
        }
        hear(now, ledger);
        Reply.Failed lost = lostBecause.getAndSet(null);
        if (lost != null) {
            lost(lost, now, ledger);
        } else if (phase.get() == Phase.OPEN && silent(now)) {
            HostFeed.Subscription open = channel.getAndSet(null);
            if (open != null) {
                open.cancel();
            }
        }
        if (!now.isBefore(nextAttempt) && phase.compareAndSet(Phase.IDLE, Phase.CONNECTING)) {
            lastHeard = now;
            seenBefore = seen;
            terms.connects().execute(this::connect);
        }
    }

    private boolean silent(Instant now) {
        Duration most = terms.period().multipliedBy(SILENT_PERIODS);
        Duration bound = most.compareTo(LEAST_SILENCE) < 0 ? LEAST_SILENCE : most;
        return Duration.between(lastHeard, now).compareTo(bound) > 0;
    }

    private void hear(Instant now, Ledger ledger) {
        Heard last = heard.get();
        if (last == null || last.number() == seen) {
            return;
        }
        seen = last.number();
        lastHeard = now;
        pause = Duration.ofSeconds(1);
        HostFacts before = written;
        FactLine.read(cluster, host.name(), last.line(), now).ifPresent(facts -> {
            if (before == null || differs(before, facts) || due(before, now)) {
                tell(before, facts, ledger);
                ledger.host(facts);
                written = facts;
            }
        });
    }

    private void tell(@Nullable HostFacts before, HostFacts facts, Ledger ledger) {
        if (before == null) {
            return;
        }
        String name = host.name().value();
        if (!before.reachable()) {
            String id = "reachable:" + before.at().toEpochMilli();
            tell(ledger, facts.at(), id, "host " + name + " answers again", new HostEvent.Reachable(name));
        }
        if (!before.bootId().isEmpty() && !before.bootId().equals(facts.bootId())) {
            rebooted(before.bootId(), facts, ledger);
        }
    }

    private void rebooted(String before, HostFacts facts, Ledger ledger) {
        String name = host.name().value();
        Instant at = facts.at();
        Event event = new HostEvent.Rebooted(name, before, facts.bootId());
        switch (boots.changed(before, facts.bootId(), at)) {
            case BOOT -> tell(ledger, at, "rebooted:" + facts.bootId(), "host " + name + " was rebooted", event);
            case END -> {
                String often = "host " + name + " has shown another boot id more than " + Boots.MOST
                        + " times within an hour: no more of its boots are told until it does so less often";
                tell(ledger, at, "rebootedOften:" + facts.bootId(), often, event);
            }
            case NOTHING -> {}
        }
    }

    /** A channel can end for no reason of the host's; only when the next connection fails is the host unreachable. */
    private void lost(Reply.Failed why, Instant now, Ledger ledger) {
        if (why.trouble() == Trouble.DROPPED && seen > seenBefore) {
            nextAttempt = now;
            return;
        }
        nextAttempt = now.plus(pause);
        pause = pause.multipliedBy(2).compareTo(MOST_PAUSE) > 0 ? MOST_PAUSE : pause.multipliedBy(2);
        if (why.trouble() == Trouble.DROPPED) {
            return;
        }
        HostFacts before = written;
        if (before != null && !before.reachable() && before.reason().equals(why.reason())) {
            return;
        }
        boolean first = before == null || before.reachable();
        long since = before == null ? 0 : before.at().toEpochMilli();
        String name = host.name().value();
        if (why.trouble() == Trouble.HOST_KEY_CHANGED) {
            Event event = new HostEvent.KeyChanged(name, expected(why), offered(why));
            tell(ledger, now, "keyChanged:" + offered(why), why.reason(), event);
        }
        if (first) {
            tell(ledger, now, "unreachable:" + since, why.reason(), new HostEvent.Unreachable(name));
        }
        HostFacts facts = unreachable(before, why.reason(), now).behind(jump(why));
        ledger.host(facts);
        written = facts;
    }

    private HostFacts unreachable(@Nullable HostFacts before, String reason, Instant now) {
        Instant at = before == null || before.reachable() ? now : before.at();
        return before == null ? HostFacts.unheard(cluster, host.name(), at, reason) : before.unreachable(at, reason);
    }

    /** The jump host, where it is that which is not reached: of the host nothing is known then. */
    private String jump(Reply.Failed why) {
        String via = host.ssh().via();
        return why.trouble() == Trouble.JUMP_HOST && via != null ? via : "";
    }

    private void connect() {
        HostFeed.Listener listener = new HostFeed.Listener() {
            private long number = seenSoFar();

            @Override
            public void line(String line) {
                number++;
                heard.set(new Heard(line, number));
            }

            @Override
            public void ended(Reply.Failed why) {
                lostBecause.set(why);
                phase.compareAndSet(Phase.OPEN, Phase.IDLE);
                phase.compareAndSet(Phase.CONNECTING, Phase.IDLE);
            }
        };
        HostFeed.Subscription opened;
        try {
            opened = terms.feed().follow(Place.access(host), script(), listener);
        } catch (RuntimeException e) {
            // A transport that throws would leave this host connecting for ever, and nobody would be told.
            listener.ended(new Reply.Failed(Trouble.UNREACHABLE, "host " + host.name() + ": " + e));
            return;
        }
        channel.set(opened);
        phase.compareAndSet(Phase.CONNECTING, Phase.OPEN);
        if (phase.get() == Phase.CANCELLED) {
            opened.cancel();
        }
    }

    private long seenSoFar() {
        Heard last = heard.get();
        return last == null ? 0 : last.number();
    }

    private Script script() {
        List<String> arguments = new ArrayList<>(
                List.of("" + Math.max(1, terms.period().toSeconds()), host.directory(), cluster.value()));
        arguments.addAll(called);
        // A feed has no end; its silence is what is watched.
        return Scripts.of(FollowedHost.class, "facts", Duration.ofDays(1), arguments)
                .by(keeper);
    }

    /** What decides something: the rest is worth a record only now and then. */
    private boolean differs(HostFacts before, HostFacts now) {
        return !before.reachable()
                || (!boots.silent() && !before.bootId().equals(now.bootId()))
                || !before.processes().keySet().equals(now.processes().keySet())
                || now.processes().entrySet().stream().anyMatch(entry -> {
                    var was = before.processes().get(entry.getKey());
                    var is = entry.getValue();
                    return was == null
                            || was.pid() != is.pid()
                            || was.startTicks() != is.startTicks()
                            || was.stopped() != is.stopped();
                });
    }

    private boolean due(HostFacts before, Instant now) {
        return Duration.between(before.at(), now).compareTo(pace) >= 0;
    }

    private void tell(Ledger ledger, Instant at, String what, String reason, Event event) {
        About about = new About(cluster, uid, null, reason, "", null);
        ledger.tell(new Fact(Fact.id(uid, host.name(), what), at, about, event));
    }

    /** "the host shows SHA256:..., pinned is SHA256:...": the adapter's own sentence. */
    private static String offered(Reply.Failed why) {
        return word(why.reason(), "shows ");
    }

    private static String expected(Reply.Failed why) {
        return word(why.reason(), "pinned is ");
    }

    private static String word(String text, String after) {
        int at = text.indexOf(after);
        return at < 0 ? "" : text.substring(at + after.length()).replaceAll("[, ].*", "");
    }
}
