package io.redfleet.provisioner.order;

import io.redfleet.adopt.Blank;
import io.redfleet.adopt.Draft;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Phase;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A draft with what the order says besides: the name, the labels, the key, whose password it is.
 *
 * @param name {@link ClusterName#FLEET} where the order says none: the draft's own stays
 */
record TakenDraft(Draft draft, Request.TakeIn asked, ClusterName name) {
    private static final String NAME = "metadata.name";
    private static final String PROBE = "spec.security.probe.credential";

    /** As a person would have written it. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>(draft.document());
        Map<String, Object> metadata = object(document.get("metadata"));
        if (!name.isFleet()) {
            metadata.put("name", name.value());
        }
        Map<String, String> labels = labels(asked);
        if (!labels.isEmpty()) {
            metadata.put("labels", labels);
        }
        document.put("metadata", metadata);
        Map<String, Object> spec = object(document.get("spec"));
        String key = asked.key();
        if (key != null && spec.get("hosts") instanceof List<?> hosts) {
            spec.put("hosts", hosts.stream().map(host -> by(key, host)).toList());
        }
        String credential = asked.probe();
        if (credential != null) {
            Map<String, Object> probe = new LinkedHashMap<>();
            probe.put("credential", credential);
            String user = asked.user();
            if (user != null) {
                probe.put("user", user);
            }
            Map<String, Object> security = object(spec.get("security"));
            security.put("probe", probe);
            spec.put("security", security);
        }
        document.put("spec", spec);
        return document;
    }

    /** What neither a node nor the order says. */
    List<Blank> blanks() {
        return draft.blanks().stream()
                .filter(blank -> name.isFleet() || !blank.field().equals(NAME))
                .filter(blank -> asked.probe() == null || !blank.field().equals(PROBE))
                .toList();
    }

    /** The same as rules that are broken, with what is to be given. */
    List<Violation> missing() {
        return blanks().stream()
                .map(blank -> new Violation(blank.field(), Blank.MARK, give(blank)))
                .toList();
    }

    private static String give(Blank blank) {
        return switch (blank.field()) {
            case NAME -> "give name: " + blank.why();
            case PROBE -> "give probe.credential: " + blank.why();
            default -> blank.why();
        };
    }

    /** As JSON has it, in the form of the command line's own drafts. */
    Map<String, Object> shown(List<Violation> refused) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("masterName", draft.masterName());
        shown.put("document", document());
        shown.put(
                "blanks",
                blanks().stream()
                        .map(blank -> Map.of("field", blank.field(), "why", blank.why()))
                        .toList());
        shown.put(
                "findings",
                draft.findings().stream()
                        .map(finding -> Map.of(
                                "severity", finding.severity().name(),
                                "subject", finding.subject(),
                                "text", finding.text()))
                        .toList());
        shown.put(
                "errors",
                refused.stream()
                        .map(broken -> Map.of("field", broken.field(), "value", broken.value(), "rule", broken.rule()))
                        .toList());
        return shown;
    }

    static Map<String, String> labels(Request.TakeIn asked) {
        Map<String, String> labels = new TreeMap<>();
        Stream.ofNullable(asked.labels()).flatMap(List::stream).forEach(label -> labels.putAll(label.alone()));
        return labels;
    }

    /**
     * Which cluster a data node is in already, in a sentence. Of other clusters only those are known that are given, and none is
     * named to whoever takes in for other labels: there may be clusters that he does not see.
     */
    static Optional<String> elsewhere(ClusterSpec spec, List<ClusterState> others) {
        Set<Endpoint> ours = nodes(spec);
        return others.stream()
                .filter(other -> !other.name().equals(spec.name()) && other.phase() != Phase.REMOVING)
                .flatMap(other -> nodes(other.spec()).stream()
                        .filter(ours::contains)
                        .map(node -> node + " is in "
                                + (other.spec().labels().equals(spec.labels())
                                        ? "cluster " + other.name()
                                        : "another cluster")
                                + " already: nothing was taken in"))
                .findFirst();
    }

    /** By the address of the host, and by the one that is announced. */
    private static Set<Endpoint> nodes(ClusterSpec spec) {
        Set<Endpoint> nodes = new LinkedHashSet<>();
        spec.hosts()
                .forEach(host -> host.instances().stream()
                        .filter(instance -> instance.role() == InstanceRole.REDIS)
                        .forEach(instance -> {
                            nodes.add(new Endpoint(host.address(), instance.port()));
                            nodes.add(instance.announce());
                        }));
        return nodes;
    }

    private static Object by(String key, Object host) {
        Map<String, Object> copy = object(host);
        copy.put("ssh", Map.of("credential", key));
        return copy;
    }

    /** A copy with its keys as texts; empty of what is no object. */
    private static Map<String, Object> object(@Nullable Object tree) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (tree instanceof Map<?, ?> map) {
            map.forEach((word, value) -> copy.put(String.valueOf(word), value));
        }
        return copy;
    }
}
