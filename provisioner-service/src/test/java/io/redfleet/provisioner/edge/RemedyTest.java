package io.redfleet.provisioner.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.event.RestartEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.operation.OperationState.Status;
import io.redfleet.testkit.Await;
import io.redfleet.testkit.RedisCall;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the monitor asks for, on real Redis with a real failover in between. */
@Timeout(300)
class RemedyTest extends ServiceGround {

    @Test
    void aDeadMasterWaitsForSentinelAndComesBackAsAReplicaAndAHungReplicaIsReplaced() throws Exception {
        OperationState made = bus.operation(apply(Map.of(), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);

        trio.process(MASTER).orElseThrow().destroyForcibly();
        bus.ask(remediation("early", MASTER));
        awaitEvents("restart.withheld", 1);
        // Where the look took longer than Sentinel, it has switched already, and what was asked for is out of date.
        assertThat(lastWithheldRule()).isIn("failover-first", "evidence");

        InstanceId promoted = Await.value("a new master", Duration.ofSeconds(30), this::promoted);
        bus.ask(remediation("late", MASTER, Liveness.DOWN, promoted));
        awaitEvents("restart.performed", 1);
        try (RedisCall former = call(1, trio.redisPort(1), Purpose.PROBE)) {
            assertThat(role(former)).isEqualTo("slave");
        }

        InstanceId other = promoted.equals(REPLICA) ? new InstanceId("r2/redis-server") : REPLICA;
        long hung = pid(other);
        assertThat(new ProcessBuilder("kill", "-STOP", "" + hung).start().waitFor(5, TimeUnit.SECONDS))
                .isTrue();
        bus.ask(remediation("hung", other, Liveness.HUNG, promoted));
        awaitEvents("restart.performed", 2);
        RestartEvent.Performed performed = (RestartEvent.Performed)
                bus.events("restart.performed").getLast().event();
        assertThat(performed.pidBefore()).isEqualTo(hung);
        assertThat(performed.pidAfter()).isEqualTo(pid(other)).isNotEqualTo(hung);
    }

    @Tag("long")
    @Test
    void aDisarmedFleetRestartsNothingUntilItIsRearmed() throws Exception {
        OperationState made = bus.operation(apply(Map.of(), null, true));
        assertThat(made.status()).as(made.reason()).isEqualTo(Status.SUCCEEDED);
        bus.brake(true);
        // Of an instance that runs, so that nothing is done before the brake has arrived.
        askUntil(
                "ask",
                () -> !bus.events("restart.withheld").isEmpty()
                        && lastWithheldRule().equals("disarmed"));
        trio.process(REPLICA).orElseThrow().destroyForcibly();
        int withheld = bus.events("restart.withheld").size();
        bus.ask(remediation("disarmed", REPLICA));
        awaitEvents("restart.withheld", withheld + 1);
        assertThat(lastWithheldRule()).isEqualTo("disarmed");
        bus.brake(false);
        askUntil("again", () -> !bus.events("restart.performed").isEmpty());
        assertThat(bus.events("restart.performed")).hasSize(1);

        Files.createFile(home.resolve("home/disarmed"));
        trio.process(REPLICA).orElseThrow().destroyForcibly();
        int before = bus.events("restart.withheld").size();
        bus.ask(remediation("by-file", REPLICA));
        awaitEvents("restart.withheld", before + 1);
        assertThat(lastWithheldRule()).isEqualTo("disarmed");
    }

    /** Asks once for each answer that came. */
    private void askUntil(String id, BooleanSupplier holds) {
        for (int number = 0; !holds.getAsBoolean(); number++) {
            int answers = answers();
            bus.ask(remediation(id + number, REPLICA));
            Await.until("an answer", Duration.ofSeconds(30), () -> answers() > answers);
            assertThat(number).isLessThan(100);
        }
    }

    private int answers() {
        return bus.events("restart.withheld").size()
                + bus.events("restart.performed").size();
    }

    /** Whom all three Sentinels name, once that is not r1 any more. */
    private java.util.Optional<InstanceId> promoted() {
        InstanceId named = null;
        for (int number = 1; number <= 3; number++) {
            InstanceId said = named(number);
            if (said.equals(MASTER) || (named != null && !said.equals(named))) {
                return java.util.Optional.empty();
            }
            named = said;
        }
        return java.util.Optional.ofNullable(named);
    }

    private InstanceId named(int sentinel) {
        try (RedisCall call = call(sentinel, trio.sentinelPort(sentinel), Purpose.PROBE)) {
            List<?> address = (List<?>) call.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "orders");
            String ip = String.valueOf(address == null ? "" : address.getFirst());
            return new InstanceId("r" + ip.substring(ip.length() - 1) + "/redis-server");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String role(RedisCall redis) throws IOException {
        List<?> role = (List<?>) redis.call("ROLE");
        return String.valueOf(role == null ? "" : role.getFirst());
    }
}
