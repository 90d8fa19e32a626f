package io.redfleet.monitor.watch;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.WatchSpec.Compat;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.check.Presence;
import io.redfleet.monitor.check.Result;
import io.redfleet.monitor.check.Seen;
import io.redfleet.monitor.check.ServiceEntry;
import io.redfleet.monitor.clock.Moment;
import io.redfleet.monitor.probe.Figures;
import io.redfleet.monitor.probe.Pulse;
import io.redfleet.monitor.remedy.Patient.ProcessSeen;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Test;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the rules of an instance are judged by: our own probe first, and the host's word on its process.
 *
 * <p>Who answers is there, whatever the host says; who does not, and of whom the host says nothing, is neither there nor absent.
 * A connection has failed when the instance is down, hung or unreachable; one that is loading, busy or refuses our credentials
 * answers. {@link MonitsEyes} see that as Monit does.
 */
final class Eyes {
    private final InstanceWatch instance;
    private final Surroundings surroundings;
    private final Compat compat;
    private final Moment now;

    Eyes(InstanceWatch instance, Surroundings surroundings, Compat compat, Moment now) {
        this.instance = instance;
        this.surroundings = surroundings;
        this.compat = compat;
        this.now = now;
    }

    Seen seen() {
        ServiceEntry service = instance.check().rules().service();
        Optional<ProcessFacts> process = surroundings.facts(instance.view().id());
        List<Result> results = new ArrayList<>();
        for (Rule rule : service.rules()) {
            results.add(result(rule.test()));
        }
        return new Seen(presence(process), results);
    }

    private Presence presence(Optional<ProcessFacts> process) {
        InstanceId id = instance.view().id();
        Pulse pulse = instance.view().pulse();
        long pid = process.map(ProcessFacts::pid).orElse(0L);
        if (answers(pulse)) {
            return new Presence.Present(pid, 0, uptime(), false);
        }
        ProcessSeen seen = surroundings.process(id, pulse.since());
        return switch (seen) {
            case PRESENT -> new Presence.Present(pid, 0, Duration.ofSeconds(-1), false);
            case ABSENT -> Presence.ABSENT;
            case STOPPED, UNKNOWN -> Presence.UNKNOWN;
        };
    }

    private Result result(Test test) {
        Pulse pulse = instance.view().pulse();
        return switch (test) {
            case Test.Connection connection -> connection(connection, pulse, compat);
            case Test.Resource resource -> resource(resource);
            // Told by the presence, or refused in a spec.
            case Test.Absent absent -> Result.NONE;
            case Test.Present present -> Result.NONE;
            case Test.PidChanged changed -> Result.NONE;
            case Test.ParentChanged changed -> Result.NONE;
            case Test.Uptime uptime -> Result.NONE;
            case Test.Ping ping -> Result.NONE;
            case Test.Status status -> Result.NONE;
        };
    }

    /** @param pulse of the instance that is connected to */
    static Result connection(Test.Connection test, Pulse pulse, Compat compat) {
        return switch (compat) {
            case REDFLEET -> ours(pulse);
            case MONIT -> MonitsEyes.connection(test, pulse.last());
        };
    }

    private Result resource(Test.Resource resource) {
        InstanceId id = instance.view().id();
        Measured host = surroundings.hosts().get(id.host());
        return host == null || !host.isNews()
                ? Result.NONE
                : Limited.result(resource, host.process(id, resource.metric(), resource.unit()));
    }

    private static Result ours(Pulse pulse) {
        if (pulse.failed()) {
            return Result.failed(pulse.reason());
        }
        return pulse.liveness() == Liveness.UNKNOWN ? Result.NONE : Result.passed(pulse.reason());
    }

    private static boolean answers(Pulse pulse) {
        return !pulse.failed() && pulse.liveness() != Liveness.UNKNOWN;
    }

    /** By the last INFO and the time since then; negative if there was none. */
    private Duration uptime() {
        Figures figures = instance.figures();
        Moment at = instance.figuredAt();
        return figures == null || at == null || figures.uptimeSeconds() < 0
                ? Duration.ofSeconds(-1)
                : Duration.ofSeconds(figures.uptimeSeconds()).plus(now.since(at));
    }
}
