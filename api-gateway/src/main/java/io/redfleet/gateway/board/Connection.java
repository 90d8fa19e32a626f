package io.redfleet.gateway.board;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.contracts.cluster.TlsSpec;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an application needs to find and enter a cluster, but its password.
 *
 * @param masterName what it asks the Sentinels for
 * @param user its name in Redis and in the Sentinels alike; null where there is no access control
 * @param ca as PEM, who has signed the certificates of a cluster that speaks TLS alone; null: it speaks in the clear
 * @param users every generated user, for those who may have their passwords shown
 */
public record Connection(
        ClusterName cluster,
        String masterName,
        List<Endpoint> sentinels,
        @Nullable String user,
        @Nullable String ca,
        List<String> users) {
    public Connection {
        sentinels = List.copyOf(sentinels);
        users = List.copyOf(users);
    }

    public static Connection of(ClusterState cluster) {
        boolean guarded = cluster.spec().security().generated();
        TlsSpec tls = cluster.spec().security().tls();
        return new Connection(
                cluster.name(),
                cluster.spec().sentinel().masterName(),
                cluster.spec().members(InstanceRole.SENTINEL).stream()
                        .map(Member::announce)
                        .toList(),
                guarded ? Purpose.APPLICATION.word() : null,
                tls.on() ? tls.ca() : null,
                guarded ? Arrays.stream(Purpose.values()).map(Purpose::word).toList() : List.of());
    }
}
