package io.redfleet.adopt;

import io.redfleet.contracts.cluster.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Where the answers about one cluster contradict each other, or say that it is not well. */
final class Doubts {
    /** Settings that are the same in every Sentinel of a group that somebody looks after. */
    private static final List<String> SETTINGS =
            List.of("quorum", "down-after-milliseconds", "failover-timeout", "parallel-syncs");

    private static final int FEWEST_SENTINELS = 3;
    /** Addresses in one finding. */
    private static final int MOST_NAMED = 20;
    /** How many there are is up to strangers. */
    private static final int MOST_FINDINGS = 300;

    private final Group group;
    private final Optional<Endpoint> master;
    private final List<Finding> found;

    private Doubts(Group group) {
        this.group = group;
        this.master = group.master();
        this.found = new ArrayList<>(group.early());
    }

    /** The gravest first; of equal ones in the order in which they were found. */
    static List<Finding> about(Group group) {
        Doubts doubts = new Doubts(group);
        doubts.sentinels();
        doubts.ids();
        doubts.settings();
        doubts.otherMasters();
        doubts.views();
        doubts.nodes();
        List<Finding> all = doubts.found.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
        if (all.size() <= MOST_FINDINGS) {
            return all;
        }
        List<Finding> first = new ArrayList<>(all.subList(0, MOST_FINDINGS));
        first.add(Finding.note(
                group.masterName(), "has " + (all.size() - MOST_FINDINGS) + " findings more, of the least grave"));
        return first;
    }

    private void sentinels() {
        String name = group.masterName();
        for (SentinelSeen sentinel : group.sentinels()) {
            if (!sentinel.answered()) {
                found.add(Finding.warning(
                        sentinel.at(),
                        "is a Sentinel of the others' lists, and " + sentinel.trouble()
                                + "; dead, not reached from here, or an entry that was never forgotten"));
            } else if (sentinel.master(name).isEmpty()) {
                found.add(Finding.warning(sentinel.at(), "is a Sentinel that monitors no master called " + name));
            }
            sentinel.names(name)
                    .filter(named -> !master.equals(Optional.of(named)))
                    .ifPresent(named -> {
                        String most = master.map(Endpoint::toString).orElse("nobody");
                        found.add(Finding.critical(
                                sentinel.at(), "names " + named + " as the master, and most Sentinels " + most));
                    });
            if (sentinel.master(name)
                    .map(fields -> fields.getOrDefault("flags", ""))
                    .orElse("")
                    .contains("failover_in_progress")) {
                found.add(Finding.critical(sentinel.at(), "carries out a failover just now: look again afterwards"));
            }
        }
        int watching = group.watching().size();
        if (watching < FEWEST_SENTINELS) {
            found.add(Finding.warning(
                    name, "is watched by " + watching + " Sentinel(s) that answer: no loss of one is survived"));
        }
        group.setting("quorum")
                .filter(quorum -> quorum > watching)
                .ifPresent(quorum -> found.add(Finding.critical(
                        name,
                        "needs a quorum of " + quorum + ", and " + watching + " Sentinel(s) answer: no failover")));
    }

    /** A copied sentinel.conf carries its id along; such Sentinels replace each other in everybody's list. */
    private void ids() {
        Map<String, SentinelSeen> known = new HashMap<>();
        for (SentinelSeen sentinel : group.sentinels()) {
            SentinelSeen other = sentinel.id().isEmpty() ? null : known.put(sentinel.id(), sentinel);
            if (other != null) {
                found.add(Finding.critical(
                        sentinel.at(), "has the same id as " + other.at() + ": together they have one vote"));
            }
        }
    }

    private void settings() {
        for (String field : SETTINGS) {
            Map<Endpoint, String> said = group.settings(field);
            if (new HashSet<>(said.values()).size() > 1) {
                String values = said.entrySet().stream()
                        .map(entry -> entry.getKey() + " has " + entry.getValue())
                        .collect(Collectors.joining(", "));
                found.add(Finding.warning(group.masterName(), "has not one " + field + ": " + values));
            }
        }
    }

    /** The same Redis under another name: two groups would each promote in it what they like. */
    private void otherMasters() {
        Set<Endpoint> ours = group.nodes().stream().map(NodeSeen::at).collect(Collectors.toCollection(HashSet::new));
        for (SentinelSeen sentinel : group.sentinels()) {
            for (Map<String, String> fields : sentinel.masters()) {
                String name = fields.getOrDefault("name", "");
                Reading.endpoint(fields, "ip", "port")
                        .filter(at -> !name.equals(group.masterName()) && ours.contains(at))
                        .ifPresent(at -> found.add(Finding.critical(
                                at, "is monitored by " + sentinel.at() + " as the master of " + name + ", too")));
            }
        }
    }

    private void views() {
        Set<Endpoint> all = group.watching().stream()
                .flatMap(sentinel -> sentinel.nodes(group.masterName()).stream())
                .collect(Collectors.toSet());
        for (SentinelSeen sentinel : group.watching()) {
            Set<Endpoint> listed = new HashSet<>(sentinel.nodes(group.masterName()));
            List<String> missing = all.stream()
                    .filter(at -> !listed.contains(at))
                    .map(Endpoint::toString)
                    .sorted()
                    .toList();
            if (!missing.isEmpty()) {
                String more = missing.size() > MOST_NAMED ? " and " + (missing.size() - MOST_NAMED) + " more" : "";
                String first = String.join(", ", missing.subList(0, Math.min(missing.size(), MOST_NAMED)));
                found.add(Finding.warning(sentinel.at(), "does not know of " + first + more));
            }
            int others = group.sentinels().size() - 1;
            if (sentinel.others().size() < others) {
                found.add(Finding.warning(
                        sentinel.at(), "knows " + sentinel.others().size() + " of " + others + " other Sentinels"));
            }
            sentinel.replicas().stream()
                    .filter(entry -> entry.getOrDefault("flags", "").contains("s_down"))
                    .flatMap(entry -> Reading.endpoint(entry, "ip", "port").stream())
                    .filter(this::answers)
                    .forEach(at -> found.add(Finding.warning(
                            at, "answers us, and " + sentinel.at() + " holds it for down: is it let in there?")));
        }
    }

    private boolean answers(Endpoint at) {
        return group.answering().stream().anyMatch(node -> node.at().equals(at));
    }

    private void nodes() {
        Map<String, Endpoint> processes = new LinkedHashMap<>();
        for (NodeSeen node : group.nodes()) {
            if (!node.answered()) {
                away(node);
                continue;
            }
            Endpoint before = processes.putIfAbsent(node.process(), node.at());
            if (before != null) {
                found.add(Finding.warning(node.at(), "is the same process as " + before + ", at another address"));
            }
            role(node);
            port(node);
            unit(node);
        }
        List<String> versions = group.among(NodeSeen::version);
        if (versions.size() > 1) {
            found.add(Finding.warning(group.masterName(), "has several versions: " + String.join(", ", versions)));
        }
    }

    private void away(NodeSeen node) {
        if (master.equals(Optional.of(node.at()))) {
            found.add(Finding.critical(node.at(), "is named as the master, and " + node.trouble()));
        } else {
            found.add(Finding.warning(
                    node.at(),
                    "is in the Sentinels' list, and " + node.trouble()
                            + "; dead, not reached from here, or an entry that was never forgotten"));
        }
    }

    private void role(NodeSeen node) {
        if (master.equals(Optional.of(node.at()))) {
            if (node.isMaster()) {
                unlisted(node);
            } else {
                found.add(Finding.critical(node.at(), "is named as the master, and is none"));
            }
        } else if (node.isMaster()) {
            found.add(Finding.critical(node.at(), "is listed as a replica, and is a master: writes to it are lost"));
        } else {
            following(node);
        }
    }

    private void following(NodeSeen node) {
        node.follows().filter(at -> !master.equals(Optional.of(at))).ifPresent(at -> {
            boolean ours = group.nodes().stream().anyMatch(other -> other.at().equals(at));
            found.add(Finding.warning(
                    node.at(),
                    ours
                            ? "follows " + at + ", a replica"
                            : "follows " + at + ", which no Sentinel lists: another address of the master, or another"
                                    + " master"));
        });
        if (!node.linked()) {
            found.add(Finding.warning(node.at(), "has no link to its master"));
        }
    }

    private void unlisted(NodeSeen node) {
        for (Endpoint at : node.attached()) {
            if (group.nodes().stream().noneMatch(other -> other.at().equals(at))) {
                found.add(Finding.warning(at, "is attached to the master " + node.at() + ", and no Sentinel lists it"));
            }
        }
    }

    private void port(NodeSeen node) {
        String own = node.server().getOrDefault("tcp_port", "");
        if (!own.isEmpty()
                && !own.equals("0")
                && !own.equals(String.valueOf(node.at().port()))) {
            found.add(Finding.note(node.at(), "listens on port " + own + ": its announced port is another"));
        }
    }

    /** Which unit it is only its host knows. */
    private void unit(NodeSeen node) {
        if (node.server().getOrDefault("process_supervised", "").equals("systemd")) {
            found.add(
                    Finding.note(
                            node.at(),
                            "runs under a unit of systemd: before a takeover the spec names it (at.unit), with service: systemd"));
        }
    }
}
