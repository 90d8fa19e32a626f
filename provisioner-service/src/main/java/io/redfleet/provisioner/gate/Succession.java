package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.List;
import java.util.Map;

/** Whether Sentinel can put another data node in a master's place; by Sentinel's own rules, from one survey. */
final class Succession {
    /** A Sentinel may judge by an INFO that is this old (sentinel.c, sentinel_info_period), and we round to seconds. */
    private static final long STALE_MILLIS = 12_000;

    private final ClusterSpec spec;
    private final List<InstanceSurvey> sentinels;
    private final ClusterSurvey survey;

    Succession(ClusterSpec spec, ClusterSurvey survey) {
        this.spec = spec;
        this.survey = survey;
        this.sentinels = spec.members(InstanceRole.SENTINEL).stream()
                .flatMap(sentinel -> survey.instance(sentinel.id()).stream())
                .toList();
    }

    /** A majority that can authorize a failover, and a replica that it would choose. */
    boolean possible(InstanceId down) {
        long able = sentinels.stream()
                .filter(sentinel -> sentinel.quorum().startsWith("OK"))
                .count();
        return able >= majority() && someoneBut(down);
    }

    /** Whether a replica other than this one lives that Sentinel would choose (sentinel.c sentinelSelectSlave). */
    boolean someoneBut(InstanceId one) {
        return spec.members(InstanceRole.REDIS).stream()
                .map(Member::id)
                .filter(other -> !other.equals(one))
                .flatMap(other -> survey.instance(other).stream())
                .anyMatch(this::eligible);
    }

    private boolean eligible(InstanceSurvey replica) {
        return replica.answers()
                && replica.isReplica()
                && number(replica.info(), "slave_priority") > 0
                && !cutOffForTooLong(replica);
    }

    /**
     * Sentinel takes no replica whose link was lost more than ten times down-after before the master was held for down.
     * Both times grow together, so what is true once stays true. Said only when a majority holds the master for down,
     * and past every Sentinel's own bound: in doubt a replica is eligible.
     */
    private boolean cutOffForTooLong(InstanceSurvey replica) {
        long seeingDown =
                sentinels.stream().filter(Succession::holdsMasterForDown).count();
        if (seeingDown < majority()) {
            return false;
        }
        long downAfter = Math.max(spec.sentinel().downAfter().toMillis(), most("down-after-milliseconds"));
        long bound = most("s-down-time") + 10 * downAfter + STALE_MILLIS;
        return number(replica.info(), "master_link_down_since_seconds") * 1000 > bound;
    }

    private static boolean holdsMasterForDown(InstanceSurvey sentinel) {
        return List.of(sentinel.master().getOrDefault("flags", "").split(",", -1))
                .contains("s_down");
    }

    private long most(String field) {
        return sentinels.stream()
                .mapToLong(sentinel -> number(sentinel.master(), field))
                .max()
                .orElse(0);
    }

    private int majority() {
        return spec.members(InstanceRole.SENTINEL).size() / 2 + 1;
    }

    /** 0 when it is absent or no natural number, as {@code master_link_down_since_seconds:-1} before the first link. */
    private static long number(Map<String, String> fields, String field) {
        String text = fields.getOrDefault(field, "");
        return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0;
    }
}
