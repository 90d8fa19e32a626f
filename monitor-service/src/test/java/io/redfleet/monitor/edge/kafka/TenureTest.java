package io.redfleet.monitor.edge.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.bus.topics.ClusterPartitioner;
import io.redfleet.contracts.health.Term;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TenureTest {
    private static final String ORDERS = "orders";
    private static final int PARTITION = ClusterPartitioner.partition(ORDERS);
    private static final Term OURS = new Term(4, "a");
    private static final Term THEIRS = new Term(5, "b");

    private final Set<Integer> assigned = new HashSet<>(Set.of(PARTITION));
    private boolean certain = true;
    private final Tenure tenure = new Tenure("a", new Tenure.Membership() {
        @Override
        public boolean certain() {
            return certain;
        }

        @Override
        public Set<Integer> assigned() {
            return assigned;
        }
    });

    @Test
    void whatIsSaidInOurTermGoesWhileTheGroupConfirmsUs() {
        Term term = tenure.begin(PARTITION, OURS);
        assertThat(term).isEqualTo(new Term(5, "a"));
        assertThat(tenure.of(ORDERS, term)).isEqualTo(Tenure.Word.GOES);

        certain = false;
        assertThat(tenure.of(ORDERS, term)).isEqualTo(Tenure.Word.WAITS);
    }

    @Test
    void whatAnEarlierProcessOfOursLeftGoesIfNobodyHasSpokenSince() {
        assertThat(tenure.of(ORDERS, OURS)).as("not known before all is read").isEqualTo(Tenure.Word.WAITS);
        tenure.begin(PARTITION, OURS);
        assertThat(tenure.of(ORDERS, OURS)).isEqualTo(Tenure.Word.GOES);
    }

    @Test
    void onceAnotherHasSpokenWhatWeLeftIsVoid() {
        tenure.begin(PARTITION, THEIRS);
        assertThat(tenure.of(ORDERS, OURS)).isEqualTo(Tenure.Word.VOID);
    }

    @Test
    void aPartitionThatIsAnothersIsNotSpokenOf() {
        Term term = tenure.begin(PARTITION, OURS);
        tenure.end(PARTITION);
        assigned.clear();
        assertThat(tenure.of(ORDERS, term)).isEqualTo(Tenure.Word.VOID);
    }

    @Test
    void aTermThatIsContestedIsRaisedAndWhatIsUnderWayStillGoes() {
        Term term = tenure.begin(PARTITION, OURS);
        Term raised = tenure.raise(PARTITION, THEIRS);
        assertThat(raised.outranks(THEIRS)).isTrue();
        assertThat(tenure.of(ORDERS, term)).isEqualTo(Tenure.Word.GOES);
        assertThat(tenure.of(ORDERS, raised)).isEqualTo(Tenure.Word.GOES);
        assertThat(tenure.of(ORDERS, OURS)).isEqualTo(Tenure.Word.VOID);
    }

    @Test
    void whatConcernsNoClusterIsNobodysToWithhold() {
        certain = false;
        assertThat(tenure.of("_fleet", Term.NONE)).isEqualTo(Tenure.Word.GOES);
    }
}
