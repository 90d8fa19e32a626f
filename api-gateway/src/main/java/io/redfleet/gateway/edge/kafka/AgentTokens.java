package io.redfleet.gateway.edge.kafka;

import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.access.TokenRecord;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.MonitAgents;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the provisioner has given the Monits that it runs, as the records of their clusters say: each a token of the
 * role reporter for its host, which lives as long as the record names it.
 *
 * <p>Written by one thread, read by any.
 */
final class AgentTokens {
    /** As of every token, so that one lookup finds the only one that it can be. */
    private static final int ID_DIGITS = 16;

    private final Map<String, TokenRecord> tokens = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> byCluster = new HashMap<>();

    /** @param cluster null: it is gone, or nobody can say what it says */
    void stands(String key, @Nullable ClusterState cluster) {
        Set<String> ids = new HashSet<>();
        for (TokenRecord token : of(cluster)) {
            ids.add(token.id());
            tokens.put(token.id(), token);
        }
        Set<String> before = ids.isEmpty() ? byCluster.remove(key) : byCluster.put(key, ids);
        if (before != null) {
            before.stream().filter(id -> !ids.contains(id)).forEach(tokens::remove);
        }
    }

    Optional<TokenRecord> token(String id) {
        return Optional.ofNullable(tokens.get(id));
    }

    private static List<TokenRecord> of(@Nullable ClusterState cluster) {
        MonitAgents agents = cluster == null ? null : cluster.agents();
        if (cluster == null || agents == null) {
            return List.of();
        }
        List<TokenRecord> tokens = new ArrayList<>();
        for (MonitAgents.Verifier verifier : agents.verifiers()) {
            // What is no hash is nobody's.
            if (verifier.hash().length() > ID_DIGITS) {
                tokens.add(token(cluster, verifier));
            }
        }
        return tokens;
    }

    private static TokenRecord token(ClusterState cluster, MonitAgents.Verifier verifier) {
        Reporter reporter = new Reporter(cluster.name(), cluster.uid(), verifier.host());
        return new TokenRecord(
                TokenRecord.SCHEMA,
                verifier.hash().substring(0, ID_DIGITS),
                "monit.agent of " + reporter,
                verifier.hash(),
                Role.REPORTER,
                Map.of(),
                cluster.since(),
                null,
                null,
                reporter);
    }
}
