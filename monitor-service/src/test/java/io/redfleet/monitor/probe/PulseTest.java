package io.redfleet.monitor.probe;

import static io.redfleet.monitor.Orders.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.event.InstanceEvent;
import io.redfleet.contracts.health.Liveness;
import io.redfleet.contracts.health.ReplicationRole;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PulseTest {
    private static final Reply PONG = new Reply.Pong();
    private static final Reply SILENT = new Reply.Silent();
    private static final Reply BUSY = new Reply.Busy();
    private static final Reply LOADING = new Reply.Loading();
    private static final Reply REFUSED = new Reply.Refused();
    private static final Reply AWAY = new Reply.Unreachable("no route");
    private static final Reply DOUBTED = new Reply.Untrusted("its certificate does not name 10.0.0.11");

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(List.of(PONG), Liveness.UP, "Up"),
                Arguments.of(List.of(new Reply.Denied("NOAUTH")), Liveness.UP, "Up"),
                Arguments.of(List.of(PONG, REFUSED), Liveness.DOWN, "Up Down"),
                Arguments.of(List.of(REFUSED), Liveness.DOWN, "Down"),
                Arguments.of(List.of(PONG, SILENT, SILENT), Liveness.UP, "Up"),
                Arguments.of(List.of(PONG, SILENT, SILENT, SILENT), Liveness.HUNG, "Up Hung"),
                Arguments.of(List.of(PONG, SILENT, SILENT, PONG, SILENT, SILENT), Liveness.UP, "Up"),
                Arguments.of(List.of(PONG, SILENT, BUSY, SILENT), Liveness.HUNG, "Up Hung"),
                Arguments.of(List.of(PONG, SILENT, SILENT, SILENT, PONG), Liveness.UP, "Up Hung Responding"),
                Arguments.of(List.of(PONG, AWAY, AWAY), Liveness.UP, "Up"),
                Arguments.of(List.of(PONG, AWAY, AWAY, AWAY), Liveness.UNREACHABLE, "Up Down"),
                Arguments.of(List.of(PONG, DOUBTED, DOUBTED), Liveness.UP, "Up"),
                Arguments.of(List.of(PONG, DOUBTED, DOUBTED, DOUBTED), Liveness.UNREACHABLE, "Up Down"),
                Arguments.of(List.of(PONG, AWAY, AWAY, AWAY, REFUSED), Liveness.DOWN, "Up Down"),
                Arguments.of(List.of(PONG, REFUSED, SILENT, SILENT, SILENT), Liveness.DOWN, "Up Down"),
                Arguments.of(List.of(PONG, REFUSED, PONG), Liveness.UP, "Up Down Up"),
                Arguments.of(List.of(PONG, REFUSED, LOADING), Liveness.LOADING, "Up Down Up Loading"),
                Arguments.of(List.of(PONG, REFUSED, LOADING, PONG), Liveness.UP, "Up Down Up Loading Ready"),
                Arguments.of(List.of(LOADING, REFUSED), Liveness.DOWN, "Up Loading Down"),
                Arguments.of(List.of(PONG, SILENT, SILENT, SILENT, REFUSED, PONG), Liveness.UP, "Up Hung Down Up"));
    }

    @ParameterizedTest(name = "{0} is {1}, told as {2}")
    @MethodSource("answers")
    void answersMakeALiveness(List<Reply> replies, Liveness liveness, String told) {
        Pulse pulse = Pulse.unknown(at(0));
        List<String> events = new ArrayList<>();
        long now = 0;
        for (Reply reply : replies) {
            now += 1_000;
            Pulse next = pulse.after(reply, at(now));
            PulseEvents.Context context = new PulseEvents.Context(ReplicationRole.MASTER, "run", -1);
            PulseEvents.between(pulse, next, context, at(now))
                    .forEach(event -> events.add(event.getClass().getSimpleName()));
            pulse = next;
        }
        assertThat(pulse.liveness()).isEqualTo(liveness);
        assertThat(String.join(" ", events)).isEqualTo(told);
    }

    @Test
    void whoIsNotTrustedIsSaidToBeThatAndNotToBeDead() {
        Pulse pulse = Pulse.unknown(at(0));
        for (long now = 1_000; now <= 3_000; now += 1_000) {
            pulse = pulse.after(DOUBTED, at(now));
        }
        assertThat(pulse.liveness()).isEqualTo(Liveness.UNREACHABLE);
        assertThat(pulse.reason()).isEqualTo("cannot be trusted: its certificate does not name 10.0.0.11");
    }

    @Test
    void aRefusalCountsFromThatMomentAndKeepsItsBeginning() {
        Pulse down = Pulse.unknown(at(0))
                .after(PONG, at(1_000))
                .after(REFUSED, at(2_000))
                .after(REFUSED, at(9_000));

        assertThat(down.since()).isEqualTo(at(2_000));
        assertThat(down.heard()).isEqualTo(at(1_000));
        assertThat(down.flips()).isEqualTo(2);
    }

    @Test
    void anUpTellsHowLongItWasGone() {
        Pulse down = Pulse.unknown(at(0)).after(PONG, at(1_000)).after(REFUSED, at(2_000));
        Pulse up = down.after(PONG, at(9_500));

        assertThat(PulseEvents.between(down, up, new PulseEvents.Context(ReplicationRole.MASTER, "new", -1), at(9_500)))
                .containsExactly(new InstanceEvent.Up("new", 7_500));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("errors")
    void anErrorReplyIsReadByItsFirstWord(String error, Reply reply) {
        assertThat(Reply.ofError(error)).isEqualTo(reply);
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                Arguments.of("LOADING Redis is loading the dataset in memory", LOADING),
                Arguments.of("BUSY Redis is busy running a script.", BUSY),
                Arguments.of("NOAUTH Authentication required.", new Reply.Denied("NOAUTH")),
                Arguments.of("WRONGPASS invalid username-password pair", new Reply.Denied("WRONGPASS")),
                Arguments.of("NOPERM this user has no permissions", new Reply.Denied("NOPERM")),
                Arguments.of("MASTERDOWN Link with MASTER is down", new Reply.Defective("MASTERDOWN")),
                Arguments.of("MISCONF Redis is configured to save", new Reply.Defective("MISCONF")),
                Arguments.of("ERR", new Reply.Defective("ERR")));
    }
}
