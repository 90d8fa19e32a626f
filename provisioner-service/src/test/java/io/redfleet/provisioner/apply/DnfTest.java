package io.redfleet.provisioner.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.plan.Plans;
import io.redfleet.provisioner.plan.RpmAction;
import io.redfleet.provisioner.survey.Place;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What packages-rpm.sh is told, as its head says it. */
class DnfTest {
    private static final Place PLACE = Plans.tell("r1").action().place();

    @Test
    void eachActionIsAVerbAndWhatItIsAbout() {
        assertThat(Dnf.arguments(new RpmAction.ReadLists(PLACE, "/srv", "u1", "orders")))
                .containsExactly("/", "u1", "orders", "/srv", "lists");
        assertThat(Dnf.arguments(new RpmAction.Install(PLACE, "/srv", "u1", "orders", "0:7.2.7-1.el9")))
                .containsExactly("/", "u1", "orders", "/srv", "install", "redis=0:7.2.7-1.el9");
        assertThat(Dnf.arguments(new RpmAction.Release(PLACE, "/srv", "u1", "orders", List.of("redis", "liblzf"))))
                .containsExactly("/", "u1", "orders", "/srv", "release", "redis", "liblzf");
    }
}
