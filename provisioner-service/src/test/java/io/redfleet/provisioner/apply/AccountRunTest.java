package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.plan.AccountAction;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What account.sh is told, and what its answer means. */
class AccountRunTest {
    private static final String BASE = "/var/lib/redfleet";

    private final List<Script> asked = new ArrayList<>();

    @Test
    void rootIsToldTheLeasedDirectoryByItsAbsoluteFormAndTheClustersOwn() {
        assertThat(performed(new Reply.Done(0, "changed\n", ""))).isEqualTo(new StepResult.Changed("changed"));
        assertThat(asked).singleElement().satisfies(script -> {
            assertThat(script.name()).isEqualTo("account");
            assertThat(script.by()).isEqualTo(RunAs.ROOT);
            assertThat(script.arguments()).containsExactly(BASE, "lease", "0", "/", BASE, "orders", "group.ring");
            assertThat(script.deadline()).isGreaterThan(Duration.ofMinutes(4));
        });
    }

    @Test
    void whoStaysFailsNothingAndItIsSaidWhy() {
        String out = "the user redis stays: /srv/billing belongs to him\nunchanged\n";
        assertThat(performed(new Reply.Done(0, out, "")))
                .isEqualTo(new StepResult.Unchanged("the user redis stays: /srv/billing belongs to him; unchanged"));
        assertThat(performed(new Reply.Done(0, out.replace("unchanged", "changed"), "")))
                .isEqualTo(new StepResult.Changed("the user redis stays: /srv/billing belongs to him; changed"));
        assertThat(performed(new Reply.Done(1, "", "rmdir: failed")))
                .isInstanceOfSatisfying(
                        StepResult.Failed.class,
                        failed -> assertThat(failed.detail()).contains("account", "rmdir: failed"));
    }

    private StepResult performed(Reply reply) {
        Hosts hosts = new HostsSaying(new ScriptedHosts(), (access, script) -> {
            asked.add(script);
            return reply;
        });
        Place place = Steps.note("r1/redis-server").action().place();
        try (Grant grant = new Grant("lease", new RecordingLedger())) {
            Steps.CLUSTER.spec().hosts().forEach(host -> grant.add(host, new Held()));
            AccountAction action = new AccountAction(place, BASE, List.of("orders", "group.ring"));
            return new Hands(hosts).perform(action, grant, () -> false);
        }
    }

    private record Held() implements HostLease {
        @Override
        public LeaseState state() {
            return new LeaseState.Held();
        }

        @Override
        public LeaseState await(Duration most) {
            return state();
        }

        @Override
        public long uptimeAt(Instant wall) {
            return 7;
        }

        @Override
        public void close() {}
    }
}
