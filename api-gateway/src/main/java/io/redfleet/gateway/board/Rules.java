package io.redfleet.gateway.board;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.monitrc.Check;
import io.redfleet.monitrc.Monitrc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The groups into which the rules of a cluster put its instances (Monit manual, Service groups). Safe from any thread.
 * What was read of one text is kept, of as many as {@link #TEXTS}: clusters mostly share them.
 */
public final class Groups {
    private static final int TEXTS = 256;

    // Guarded by this. In order of the last use.
    private final Map<String, Map<String, List<String>>> read = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, List<String>>> eldest) {
            return size() > TEXTS;
        }
    };

    /** In the order of the rules; empty where they say nothing of it, or are of a release that we cannot read. */
    List<String> of(ClusterSpec spec, InstanceId instance) {
        String rules = spec.watch().rules();
        return rules.isBlank() ? List.of() : of(rules).getOrDefault(instance.name(), List.of());
    }

    private synchronized Map<String, List<String>> of(String rules) {
        return read.computeIfAbsent(
                rules,
                text -> Monitrc.read(text).file().checks().stream()
                        .collect(Collectors.toUnmodifiableMap(Check::name, Check::groups, (one, other) -> one)));
    }
}
