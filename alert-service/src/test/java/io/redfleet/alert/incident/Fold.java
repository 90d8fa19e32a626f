package io.redfleet.alert.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.alert.IncidentId;
import io.redfleet.contracts.event.Fact;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A ledger with the cases that it has folded so far; checks the ledger's invariants after every fact. */
final class Fold {
    private final Map<IncidentId, Case> cases = new LinkedHashMap<>();
    private List<Change> last = List.of();

    Fold take(Fact fact) {
        last = Ledger.fold(open(), fact);
        for (Change change : last) {
            if (change instanceof Change.OfCase ofCase) {
                cases.put(ofCase.now().id(), ofCase.now());
            }
        }
        assertThat(last).isNotEmpty();
        assertThat(open().stream().map(one -> one.incident().cause())).doesNotHaveDuplicates();
        assertThat(open().stream().flatMap(one -> one.open().keySet().stream())).doesNotHaveDuplicates();
        assertThat(open()).allMatch(one -> !one.open().isEmpty());
        return this;
    }

    void put(Case one) {
        cases.put(one.id(), one);
    }

    List<Change> last() {
        return last;
    }

    List<Case> all() {
        return List.copyOf(cases.values());
    }

    List<Case> open() {
        return cases.values().stream().filter(one -> !one.resolved()).toList();
    }

    List<String> openCauses() {
        return open().stream().map(one -> one.incident().cause()).toList();
    }

    Case only() {
        assertThat(cases).hasSize(1);
        return cases.values().iterator().next();
    }
}
