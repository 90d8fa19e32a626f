package io.redfleet.provisioner.survey;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A way that members take: from their host to where another one tells others to reach it. Whoever copies from whom changes with
 * each failover, so a data node counts as taking the way to each other one, and a Sentinel the way to everybody. No data node
 * ever connects to a Sentinel, and who leaves takes no way to anybody.
 *
 * @param joins whether whom it leads to, or one that takes it, is only to be added
 */
public record Way(HostSpec from, Member to, boolean joins) {

    /** Each way of a cluster to which instances are to be added, to those that leave and still run too; none of another one. */
    public static List<Way> all(ClusterState cluster, ClusterSurvey survey) {
        Set<InstanceId> added = new HashSet<>();
        for (Member member : cluster.spec().members()) {
            if (survey.instance(member.id()).filter(Way::isNew).isPresent()) {
                added.add(member.id());
            }
        }
        List<Way> ways = new ArrayList<>();
        if (!added.isEmpty()) {
            List<Member> ends = ends(cluster, survey);
            for (HostSpec host : cluster.spec().hosts()) {
                for (Member end : ends) {
                    List<InstanceId> takers = takers(host, end);
                    if (!takers.isEmpty()) {
                        boolean joins =
                                added.contains(end.id()) || takers.stream().anyMatch(added::contains);
                        ways.add(new Way(host, end, joins));
                    }
                }
            }
        }
        return ways;
    }

    /** One that was configured before was let through once, whether it runs or not. */
    private static boolean isNew(InstanceSurvey seen) {
        return !seen.configured() && !seen.present();
    }

    private static List<Member> ends(ClusterState cluster, ClusterSurvey survey) {
        return cluster.reunited().spec().members().stream()
                .filter(member -> cluster.spec().member(member.id()).isPresent()
                        || survey.instance(member.id())
                                .filter(InstanceSurvey::present)
                                .isPresent())
                .toList();
    }

    private static List<InstanceId> takers(HostSpec host, Member end) {
        List<InstanceId> takers = new ArrayList<>();
        for (InstanceSpec instance : host.instances()) {
            InstanceId id = InstanceId.of(host.name(), instance.name());
            boolean asks = instance.role() == InstanceRole.SENTINEL || end.role() == InstanceRole.REDIS;
            if (asks && !id.equals(end.id())) {
                takers.add(id);
            }
        }
        return takers;
    }
}
