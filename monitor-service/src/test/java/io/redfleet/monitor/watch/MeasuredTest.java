package io.redfleet.monitor.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.MachineFacts;
import io.redfleet.contracts.operation.ProcessFacts;
import io.redfleet.monitor.Orders;
import io.redfleet.monitrc.Metric;
import io.redfleet.monitrc.Unit;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MeasuredTest {
    private static final InstanceId R1 = Orders.R1;

    /** Of two processors ten seconds have passed: 20,000 ms in all, of which 12,000 were idle. */
    private static final Measured BOTH = Measured.of(facts(0, "boot", machine(0, 0, 0, 0, 0), process(41, 1_000, 0)))
            .then(facts(10_000, "boot", machine(4_000, 2_000, 1_000, 12_000, 20_000), process(41, 3_000, 1_000)));

    @ParameterizedTest
    @CsvSource({
        "CPU, PERCENT, 40",
        "CPU_USER, PERCENT, 20",
        "CPU_SYSTEM, PERCENT, 10",
        "CPU_WAIT, PERCENT, 5",
        "MEMORY, PERCENT, 25",
        "MEMORY, BYTES, 2000",
        "SWAP, PERCENT, 75",
        "SWAP, BYTES, 750",
        "LOAD_1, PLAIN, 0.5",
        "LOAD_5, PLAIN, 3",
        "LOAD_15, PLAIN, 1",
        "LOAD_1_PER_CORE, PLAIN, 0.25",
        "LOAD_5_PER_CORE, PLAIN, 1.5",
        "LOAD_15_PER_CORE, PLAIN, 0.5",
        "SPACE, PERCENT, 20",
        "SPACE, BYTES, 100",
        "SPACE_FREE, PERCENT, 80",
        "SPACE_FREE, BYTES, 400",
        "INODES, PERCENT, 10",
        "INODES, PLAIN, 1",
        "INODES_FREE, PERCENT, 90",
        "INODES_FREE, PLAIN, 9",
    })
    void aMachineIsMeasuredByAllItHas(Metric metric, Unit unit, double value) {
        assertThat(BOTH.machine(metric, unit).orElseThrow()).isEqualTo(value, within(0.001));
    }

    @ParameterizedTest
    @CsvSource({
        "CPU, PERCENT, 20",
        "CPU_TOTAL, PERCENT, 30",
        "MEMORY, BYTES, 800",
        "MEMORY, PERCENT, 10",
        "MEMORY_TOTAL, BYTES, 1200",
        "MEMORY_TOTAL, PERCENT, 15",
        "CHILDREN, PLAIN, 1",
        "THREADS, PLAIN, 5",
    })
    void aProcessIsMeasuredByOneProcessor(Metric metric, Unit unit, double value) {
        assertThat(BOTH.process(R1, metric, unit).orElseThrow()).isEqualTo(value, within(0.001));
    }

    @ParameterizedTest
    @EnumSource(
            value = Metric.class,
            names = {"MEMORY", "LOAD_1"},
            mode = EnumSource.Mode.EXCLUDE)
    void ofARecordOfAnEarlierReleaseNothingIsKnownThatItDidNotLookAt(Metric metric) {
        Measured old = Measured.of(facts(0, "boot", null, process(41, 0, 0)))
                .then(facts(10_000, "boot", null, process(41, 3_000, 0)));

        assertThat(old.machine(metric, Unit.PERCENT)).isEmpty();
    }

    @Test
    void howBusyItWasIsNotKnownOfOneWordAlone() {
        Measured first = Measured.of(facts(0, "boot", machine(1, 1, 1, 1, 4), process(41, 1_000, 0)));

        assertThat(first.machine(Metric.CPU, Unit.PERCENT)).isEmpty();
        assertThat(first.process(R1, Metric.CPU, Unit.PERCENT)).isEmpty();
        assertThat(first.process(R1, Metric.MEMORY, Unit.BYTES)).hasValue(800);
    }

    @Test
    void anotherProcessOrAnotherBootIsNotMeasuredAgainstTheOneBefore() {
        Measured before = Measured.of(facts(0, "boot", machine(0, 0, 0, 0, 0), process(41, 9_000, 0)));

        assertThat(before.then(facts(10_000, "boot", machine(1, 1, 1, 1, 4), process(42, 100, 0)))
                        .process(R1, Metric.CPU, Unit.PERCENT))
                .isEmpty();
        Measured rebooted = before.then(facts(10_000, "other", machine(1, 1, 1, 1, 4), process(41, 9_100, 0)));
        assertThat(rebooted.process(R1, Metric.CPU, Unit.PERCENT)).isEmpty();
        assertThat(rebooted.machine(Metric.CPU, Unit.PERCENT)).isEmpty();
    }

    @Test
    void wordsInQuickSuccessionAreMeasuredAgainstAnEarlierOne() {
        Measured quick = BOTH.then(
                facts(10_200, "boot", machine(4_100, 2_000, 1_000, 12_300, 20_400), process(41, 3_100, 1_000)));

        assertThat(quick.machine(Metric.CPU_USER, Unit.PERCENT).orElseThrow())
                .as("of all 10.2 s")
                .isEqualTo(100.0 * 4_100 / 20_400, within(0.001));
    }

    @Test
    void aChildThatHasEndedTakesItsTimeWithIt() {
        OptionalDouble busy = Measured.of(facts(0, "boot", machine(0, 0, 0, 0, 0), process(41, 1_000, 5_000)))
                .then(facts(10_000, "boot", machine(1, 1, 1, 1, 4), process(41, 1_100, 0)))
                .process(R1, Metric.CPU_TOTAL, Unit.PERCENT);

        assertThat(busy).hasValue(0);
    }

    @Test
    void aMachineWithoutSwapHasNotFilledItAndAFilesystemMayCountNoInodes() {
        MachineFacts bare = new MachineFacts(2, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0);
        Measured measured = Measured.of(facts(0, "boot", bare, process(41, 0, 0)));

        assertThat(measured.machine(Metric.SWAP, Unit.PERCENT)).hasValue(0);
        assertThat(measured.machine(Metric.INODES, Unit.PERCENT)).isEmpty();
        assertThat(measured.machine(Metric.INODES_FREE, Unit.PLAIN)).isEmpty();
    }

    @Test
    void oneWordIsNewsOnceAndNoneOfAHostThatIsNotHeard() {
        assertThat(BOTH.isNews()).isTrue();
        assertThat(BOTH.read().isNews()).isFalse();
        assertThat(BOTH.then(BOTH.latest().unreachable(BOTH.latest().at(), "gone"))
                        .isNews())
                .isFalse();
    }

    private static MachineFacts machine(long user, long system, long wait, long idle, long all) {
        return new MachineFacts(2, 3, 1, 1_000, 250, 100, 10, 9, user, system, wait, idle, all);
    }

    private static ProcessFacts process(long pid, long cpu, long childrenCpu) {
        return new ProcessFacts(true, pid, 7, 800, cpu, false, 5, 1, 400, childrenCpu);
    }

    private static HostFacts facts(long millis, String boot, @Nullable MachineFacts machine, ProcessFacts process) {
        return new HostFacts(
                HostFacts.SCHEMA,
                Orders.roster().cluster(),
                R1.host(),
                Orders.at(millis).wall(),
                true,
                "",
                boot,
                0.5,
                8_000,
                6_000,
                1_000,
                400,
                0,
                Map.of(R1, process),
                machine);
    }
}
