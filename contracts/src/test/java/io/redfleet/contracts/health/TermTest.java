package io.redfleet.contracts.health;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TermTest {
    @Test
    void theLaterTermOutranksAndTwoOfOneNumberAreToldApart() {
        Term first = Term.NONE.next("b");
        assertThat(first.next("a").outranks(first)).isTrue();
        assertThat(first.outranks(first)).isFalse();
        assertThat(new Term(1, "b").outranks(new Term(1, "a"))).isTrue();
        assertThat(new Term(1, "a").outranks(new Term(1, "b"))).isFalse();
    }

    @Test
    void whatNobodySignedIsTakenAsItComes() {
        assertThat(new Term(7, "a").outranks(Term.NONE)).isFalse();
        assertThat(Term.NONE.outranks(new Term(7, "a"))).isFalse();
    }

    @Test
    void itsTextIsReadBack() {
        Term term = new Term(12, "monitor-0");
        assertThat(Term.parse(term.toString())).contains(term);
        assertThat(Term.parse("")).isEmpty();
        assertThat(Term.parse("x/monitor-0")).isEmpty();
        assertThat(Term.parse("12")).isEmpty();
    }
}
