package io.redfleet.monitor.edge.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.codec.BusRecord;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.Label;
import io.redfleet.contracts.health.FleetBrake;
import io.redfleet.contracts.health.LabelAnswer;
import io.redfleet.contracts.health.LabelBrake;
import io.redfleet.contracts.health.LabelBrakes;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.monitor.Orders;
import io.redfleet.monitor.fleet.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What the fleet says, as it goes onto the bus. */
class BrakeRecordTest {
    private static final FleetBrake BRAKE = new FleetBrake(
            FleetBrake.SCHEMA,
            true,
            "a drill",
            new Actor("ann", "t1"),
            Orders.at(0).wall(),
            3,
            LabelBrakes.NONE.with(
                    new LabelBrake(
                            new Label("team=checkout"),
                            "rack 4",
                            new Actor("bob", "t2"),
                            Orders.at(0).wall()),
                    7));

    @Test
    void theOrdersThatABrakeIncludesComeBackBesideIt() throws Exception {
        List<CommandId> orders = List.of(new CommandId("a.b"), new CommandId("c"));
        BusRecord read = read(BrakeRecord.message(BRAKE, orders));

        assertThat(BrakeRecord.orders(read)).isEqualTo(orders);
        assertThat(read.as(FleetBrake.class)).isEqualTo(BRAKE);
        assertThat(BrakeRecord.orders(read(BrakeRecord.message(BRAKE, List.of()))))
                .isEmpty();
    }

    @Test
    void anAnswerThatNoBrokerWouldTakeIsARefusal() {
        Outcome.Result fits = KafkaBus.result(shown(500_000));
        Outcome.Result tooLong = KafkaBus.result(shown(600_000));

        assertThat(fits).isInstanceOf(Outcome.Answered.class);
        assertThat(tooLong)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.problem().status()).isEqualTo(502));
    }

    @Test
    void theAnswerOfALabelSaysWhetherItIsDisarmed() {
        LabelBrake on = BRAKE.labelled().brakes().getFirst();
        assertThat(KafkaBus.result(new Answer.OfLabel(new LabelAnswer(on.label(), true, "", on))))
                .isInstanceOfSatisfying(
                        Outcome.Answered.class,
                        answered -> assertThat(answered.body())
                                .contains("\"label\":\"team=checkout\"", "\"disarmed\":true", "\"reason\":\"rack 4\""));
    }

    private static Answer shown(int length) {
        InstanceId id = Orders.R1;
        return new Answer.Shown(Map.of(id, Map.of("field", "x".repeat(length))));
    }

    private static BusRecord read(BusMessage message) {
        RecordHeaders headers = new RecordHeaders();
        message.headers().forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
        return BusRecord.of(new ConsumerRecord<>(
                message.topic().fullName(),
                0,
                0,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                message.key().getBytes(UTF_8),
                message.value(),
                headers,
                Optional.empty()));
    }
}
