package io.redfleet.provisioner.gate;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.gate.Verdict.Withheld;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.GroupSurvey;
import io.redfleet.provisioner.survey.InstanceSurvey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whom a Sentinel serves beside one cluster: what is done to it is done to them. */
public final class SharedSentinel {
    private static final Pattern NAME = Pattern.compile("name=([^,]*).*");
    private static final Pattern ADDRESS = Pattern.compile(".*,address=([^,]*).*");

    private SharedSentinel() {}

    /**
     * The names of other masters: those that it says it watches, those in its file, and those of clusters that have left a note.
     * Where it does not run the last two are all that is known. One that only has the name of this cluster's master, and is at
     * none of its data nodes, is another's.
     */
    public static SortedSet<String> others(ClusterSpec spec, ClusterSurvey survey, InstanceId sentinel) {
        GroupSurvey group = survey.group(sentinel);
        SortedSet<String> others = new TreeSet<>();
        group.notes().forEach((cluster, note) -> {
            if (!cluster.equals(spec.name().value())) {
                others.add(note.masterName());
            }
        });
        Map<String, String> watched = new TreeMap<>(group.watches());
        survey.instance(sentinel).ifPresent(seen -> watched.putAll(said(seen)));
        Set<String> own = dataNodes(spec);
        watched.forEach((name, at) -> {
            if (!(name.equals(spec.sentinel().masterName()) && own.contains(at))) {
                others.add(name);
            }
        });
        return others;
    }

    /** Where a master of the cluster may be, as {@code 10.0.0.11:6379}. */
    public static Set<String> dataNodes(ClusterSpec spec) {
        return spec.members(InstanceRole.REDIS).stream()
                .map(member -> member.announce().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The masters that it says it watches, by name, with their addresses. */
    private static Map<String, String> said(InstanceSurvey sentinel) {
        Map<String, String> masters = new TreeMap<>();
        for (Map.Entry<String, String> field : sentinel.info().entrySet()) {
            Matcher name = NAME.matcher(field.getValue());
            if (field.getKey().matches("master\\d+") && name.matches()) {
                Matcher address = ADDRESS.matcher(field.getValue());
                masters.put(name.group(1), address.matches() ? address.group(1) : "");
            }
        }
        return masters;
    }

    /**
     * Why nobody may have a Sentinel of a group stay down, whether it runs, hangs or is dead; empty: no other cluster needs it. One
     * that hangs may be started anew: that is in the others' interest.
     */
    public static Optional<Withheld> kept(ClusterSpec spec, ClusterSurvey survey, InstanceId id) {
        Optional<String> group = spec.member(id)
                .map(Member::role)
                .flatMap(role -> spec.sentinel().groupOf(role));
        SortedSet<String> others = group.isEmpty() ? new TreeSet<>() : others(spec, survey, id);
        if (others.isEmpty()) {
            return Optional.empty();
        }
        String reason = id + " belongs to the group " + group.orElse("")
                + ", and other clusters need it too, whose masters are " + others;
        return Optional.of(new Withheld("shared-sentinel", reason));
    }

    /** The members of a cluster that no other cluster needs, in the order of the spec. */
    public static List<InstanceId> unneeded(ClusterState cluster, ClusterSurvey survey) {
        return cluster.spec().members().stream()
                .map(Member::id)
                .filter(id -> kept(cluster.everywhere(), survey, id).isEmpty())
                .toList();
    }
}
