package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.provisioner.secret.Accounts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The logins by which instances enter each other, by directive. */
final class Logins {
    /** Of a Sentinel to the master and its replicas: they go with the master. */
    private static final List<String> TO_MASTER = List.of("auth-user", "auth-pass");

    /** By which user each enters. */
    private static final Map<Purpose, List<String>> BY = Map.of(
            Purpose.REPLICATION, List.of("masteruser", "masterauth"),
            Purpose.SENTINEL, TO_MASTER,
            Purpose.PEER, List.of("sentinel-user", "sentinel-pass"));

    private Logins() {}

    /** Of an instance of that role; none of a cluster without access control. */
    static Map<String, String> of(InstanceRole role, Accounts accounts) {
        Map<String, String> logins = new LinkedHashMap<>();
        if (accounts.isNone()) {
            return logins;
        }
        if (role == InstanceRole.REDIS) {
            logins.put("masteruser", Purpose.REPLICATION.word());
            logins.put("masterauth", accounts.of(Purpose.REPLICATION).reveal());
            return logins;
        }
        logins.putAll(toMaster(accounts));
        logins.put("sentinel-user", Purpose.PEER.word());
        logins.put("sentinel-pass", accounts.of(Purpose.PEER).reveal());
        return logins;
    }

    /** Those of {@link #of} whose password is not being changed: by the others an instance may log in with either of two. */
    static Map<String, String> settled(InstanceRole role, Accounts accounts) {
        Map<String, String> logins = of(role, accounts);
        BY.forEach((purpose, directives) -> {
            if (accounts.second(purpose).isPresent()) {
                logins.keySet().removeAll(directives);
            }
        });
        return logins;
    }

    /** Of a Sentinel to the master that it watches; none of a cluster without access control. */
    static Map<String, String> toMaster(Accounts accounts) {
        Map<String, String> logins = new LinkedHashMap<>();
        if (!accounts.isNone()) {
            logins.put(TO_MASTER.getFirst(), Purpose.SENTINEL.word());
            logins.put(TO_MASTER.getLast(), accounts.of(Purpose.SENTINEL).reveal());
        }
        return logins;
    }
}
