package io.redfleet.provisioner.verify;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.recipe.RedisConf;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.InstanceSurvey;
import io.redfleet.provisioner.survey.Place;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a data node is held against that answers. */
final class DataRules {
    /** Of the stream of writes: what D1 warns at. */
    static final long MOST_LAG_BYTES = 1_048_576;

    private final ClusterSpec spec;
    private final Found found;
    private final Checks checks;

    DataRules(ClusterSpec spec, Found found, Checks checks) {
        this.spec = spec;
        this.found = found;
        this.checks = checks;
    }

    void judge(Member member, InstanceSurvey seen) {
        Optional<Endpoint> named = found.survey().namedMaster(spec);
        if (named.isEmpty()) {
            checks.unknown(Rule.ROLE, member, "no majority of Sentinels names a master");
        } else {
            role(member, seen, named.get());
        }
        persistence(member, seen);
        config(member, seen);
        boolean guarded = !found.survey().accounts().isNone();
        boolean adopted = spec.at(member.id()).isPresent();
        Listening.judge(checks, member, adopted, guarded, seen.config(), "CONFIG GET names no value of %s");
        new TlsRules(spec, checks).speaks(member, seen.config());
    }

    private void role(Member member, InstanceSurvey seen, Endpoint named) {
        boolean leads = member.announce().equals(named);
        String role = seen.info("role");
        if (role.isEmpty()) {
            checks.unknown(Rule.ROLE, member, "INFO names no role");
        } else {
            String said = "INFO names the role " + role + ", and most Sentinels name " + named;
            checks.holds(Rule.ROLE, member, leads ? seen.isMaster() : seen.isReplica(), said);
        }
        if (!leads) {
            follows(member, seen, named);
            history(member, seen);
            lag(member, seen);
        }
    }

    private void follows(Member member, InstanceSurvey seen, Endpoint named) {
        String followed = seen.info("master_host") + ":" + seen.info("master_port");
        String link = seen.info("master_link_status");
        if (seen.info("master_host").isEmpty() || link.isEmpty()) {
            checks.unknown(Rule.FOLLOWS, member, "INFO names no master");
            return;
        }
        boolean follows = followed.equals(named.toString()) && link.equals("up");
        String said = "it follows " + followed + ", the link is " + link + ", and most Sentinels name " + named;
        checks.holds(Rule.FOLLOWS, member, follows, said);
    }

    private void history(Member member, InstanceSurvey seen) {
        String masters =
                found.master(spec).map(master -> master.info("master_replid")).orElse("");
        String own = seen.info("master_replid");
        if (masters.isEmpty() || own.isEmpty()) {
            checks.unknown(Rule.HISTORY, member, "the history of the master, or its own, is not known");
        } else {
            String said = "its history is " + own + ", its master's " + masters;
            checks.holds(Rule.HISTORY, member, masters.equals(own), said);
        }
    }

    private void lag(Member member, InstanceSurvey seen) {
        OptionalLong written = found.master(spec)
                .map(master -> number(master.info("master_repl_offset")))
                .orElse(OptionalLong.empty());
        OptionalLong read = number(seen.info("slave_repl_offset"));
        if (written.isEmpty() || read.isEmpty()) {
            checks.unknown(Rule.LAG, member, "the offset of the master, or its own, is not known");
            return;
        }
        long behind = written.getAsLong() - read.getAsLong();
        checks.holds(Rule.LAG, member, behind <= MOST_LAG_BYTES, "it is " + behind + " bytes behind its master");
    }

    private void persistence(Member member, InstanceSurvey seen) {
        if (seen.info("rdb_last_bgsave_status").isEmpty()) {
            checks.unknown(Rule.PERSISTENCE, member, "INFO does not say how the last save went");
            return;
        }
        String broken = Stream.of("rdb_last_bgsave_status", "aof_last_bgrewrite_status", "aof_last_write_status")
                .filter(field ->
                        !seen.info(field).isEmpty() && !seen.info(field).equals("ok"))
                .map(field -> field + " is " + seen.info(field))
                .collect(Collectors.joining(", "));
        checks.holds(Rule.PERSISTENCE, member, broken.isEmpty(), broken);
    }

    private void config(Member member, InstanceSurvey seen) {
        Place place = Place.of(spec, member.id(), Login.NONE);
        Map<String, String> drift = RedisConf.drift(spec, place, seen);
        Map<String, String> settled = RedisConf.settled(spec, place, seen);
        RedisConf.owned(spec, place).forEach((name, wanted) -> {
            Rule rule = RedisConf.atStartOnly(name) ? Rule.CONFIG_AT_START : Rule.CONFIG;
            String live = seen.setting(name);
            String subject = member.id() + " " + name;
            if (live == null) {
                checks.unknown(rule, member.id().host(), subject, "CONFIG GET names no value of it");
            } else {
                boolean same = !drift.containsKey(name) && !settled.containsKey(name);
                String said = "is '" + live + "', and the spec wants '" + wanted + "'";
                checks.holds(rule, member.id().host(), subject, same, said);
            }
        });
    }

    private static OptionalLong number(String text) {
        return text.matches("\\d{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
