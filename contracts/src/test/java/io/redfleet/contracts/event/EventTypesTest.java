package io.redfleet.contracts.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.wire.ServiceName;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class EventTypesTest {
    private static final Pattern NAME = Pattern.compile("[a-z]+\\.[a-z][A-Za-z]*");

    @Test
    void everyEventHasANameOfAreaAndPastTense() {
        assertThat(EventTypes.all().keySet())
                .hasSizeGreaterThan(40)
                .allMatch(name -> NAME.matcher(name).matches());
    }

    @Test
    void aWireNameLeadsBackToItsRecord() {
        EventTypes.all()
                .forEach((name, type) -> assertThat(EventTypes.byWireName("io.redfleet." + name + ".v1"))
                        .hasValue(type));
    }

    @Test
    void aNameOfALaterReleaseIsUnknownAndNoError() {
        assertThat(EventTypes.byWireName("io.redfleet.instance.down.v2")).isEmpty();
        assertThat(EventTypes.byWireName("io.redfleet.instance.sang.v1")).isEmpty();
        assertThat(EventTypes.byWireName("com.example.instance.down.v1")).isEmpty();
    }

    @Test
    void restartsAreWrittenByTheHandsAndRequestsByTheEyes() {
        assertThat(EventTypes.writer(RestartEvent.Performed.class)).isEqualTo(ServiceName.PROVISIONER);
        assertThat(EventTypes.writer(WatchEvent.RestartRequested.class)).isEqualTo(ServiceName.MONITOR);
    }

    @Test
    void aStopIsAskedForByTheEyesAndHasThreeEndsByTheHands() {
        assertThat(EventTypes.writer(WatchEvent.StopRequested.class)).isEqualTo(ServiceName.MONITOR);
        assertThat(EventTypes.all())
                .containsEntry("stop.requested", WatchEvent.StopRequested.class)
                .containsEntry("stop.performed", StopEvent.Performed.class)
                .containsEntry("stop.failed", StopEvent.Failed.class)
                .containsEntry("stop.withheld", StopEvent.Withheld.class);
        assertThat(StopEvent.class.getPermittedSubclasses())
                .allMatch(type -> EventTypes.writer(type.asSubclass(StopEvent.class)) == ServiceName.PROVISIONER);
    }

    @Test
    void aProgramIsAskedForByTheEyesAndHasThreeEndsByTheHands() {
        assertThat(EventTypes.writer(WatchEvent.ExecRequested.class)).isEqualTo(ServiceName.MONITOR);
        assertThat(EventTypes.all())
                .containsEntry("exec.requested", WatchEvent.ExecRequested.class)
                .containsEntry("exec.performed", ExecEvent.Performed.class)
                .containsEntry("exec.failed", ExecEvent.Failed.class)
                .containsEntry("exec.withheld", ExecEvent.Withheld.class);
        assertThat(ExecEvent.class.getPermittedSubclasses())
                .allMatch(type -> EventTypes.writer(type.asSubclass(ExecEvent.class)) == ServiceName.PROVISIONER);
    }
}
