package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What three hosts say of a cluster that runs as it should, but for what a test has one of them say otherwise. */
final class RunningTrio implements SaidHosts.Says {
    static final Accounts ACCOUNTS = new Accounts(
            Arrays.stream(Purpose.values())
                    .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
            "");

    private static final String NO_MASTER = "ERR No such master with that name";

    final ClusterState cluster = Plans.cluster(3, Map.of());
    private final Map<String, String> said = new HashMap<>();
    private String version = "7.0.15";

    /** The Redis that runs everywhere. */
    void runs(String release) {
        version = release;
    }

    /** From now on the host says this in place of that, which has to be there. */
    void says(String host, String script, String instead, String of) {
        String text = of(host, script);
        if (!text.contains(of)) {
            throw new IllegalArgumentException(host + " does not say " + of + " to " + script + ": " + text);
        }
        said.put(host + " " + script, text.replace(of, instead));
    }

    /** The Sentinel of that host has lost its master. */
    void loses(String host) {
        String text = of(host, "survey")
                .lines()
                .filter(line ->
                        !line.startsWith("i.redis-sentinel.master=") && !line.startsWith("i.redis-sentinel.quorum="))
                .collect(Collectors.joining("\n"));
        String lost = "i.redis-sentinel.master=" + NO_MASTER + "\ni.redis-sentinel.master=\ni.redis-sentinel.quorum="
                + NO_MASTER + "\n";
        said.put(host + " survey", lost + text + "\n");
    }

    ClusterSurvey survey() {
        return survey(ACCOUNTS);
    }

    ClusterSurvey survey(Accounts accounts) {
        return new Surveyor(new SaidHosts(this), Runnable::run, () -> Instant.EPOCH, state -> accounts)
                .surveyToPlan(cluster);
    }

    Plan plan() {
        return Planner.plan(cluster, survey());
    }

    @Override
    public String of(String host, String script) {
        String text = said.get(host + " " + script);
        if (text != null) {
            return text;
        }
        return switch (script) {
            case "survey" -> surveyed(host);
            case "access" -> entered();
            default -> throw new AssertionError("nobody asks for " + script);
        };
    }

    private String surveyed(String host) {
        Map<String, String> master = new LinkedHashMap<>(SentinelConf.owned(cluster.spec()));
        master.put("name", "orders");
        master.put("ip", "10.0.0.11");
        master.put("port", "6379");
        master.put("num-slaves", "2");
        master.put("num-other-sentinels", "2");
        StringBuilder text = new StringBuilder("""
                base=/home/ops/redfleet
                boot=b
                os=debian 12
                free=1099511627776
                now=0
                binary=/usr/bin/redis-check-rdb
                engine=redis
                cli=/usr/bin/redis-cli
                """);
        text.append("version=" + version + "\n");
        for (String name : new String[] {"redis-server", "redis-sentinel"}) {
            String key = "i." + name + ".";
            text.append(key + "directory=yes\n" + key + "owner=u1 orders/" + host + "/" + name + "\n");
            text.append(key + "revision=u1 1\n" + key + "conf=yes\n" + key + "pid=7\n" + key + "start=1\n");
            text.append(key + "listening=yes\n" + key + "ping=PONG\n" + key + "info=redis_version:" + version + "\n");
        }
        text.append("i.redis-server.info=role:" + (host.equals("r1") ? "master" : "slave") + "\n");
        text.append("i.redis-server.info=master_link_status:up\n");
        text.append("i.redis-sentinel.joined=yes\n");
        master.forEach((field, value) ->
                text.append("i.redis-sentinel.master=" + field + "\ni.redis-sentinel.master=" + value + "\n"));
        return text + "i.redis-sentinel.quorum=OK 3 usable Sentinels\nend=yes\n";
    }

    private String entered() {
        StringBuilder text = new StringBuilder();
        say(text, "redis-server", UsersFile.redis(ACCOUNTS, version), "masteruser", "masterauth");
        say(
                text,
                "redis-sentinel",
                UsersFile.sentinel(ACCOUNTS),
                "auth-user",
                "auth-pass",
                "sentinel-user",
                "sentinel-pass");
        return text + "access.end=yes\n";
    }

    private static void say(StringBuilder text, String name, String users, String... logins) {
        String key = "i." + name + ".";
        users.replaceAll("#[0-9a-f]{64}", "#same")
                .lines()
                .forEach(line -> text.append(key + "live=" + line + "\n" + key + "file=" + line + "\n"));
        for (String login : logins) {
            text.append(key + "login=" + login + " same\n");
        }
        text.append(key + "logins=read\n");
        text.append(key + "category=fast ping get role publish spublish multi exec\n");
        text.append(key + "category=slow info set sort keys config config|get config|set config|rewrite flushall\n");
        text.append(key + "category=admin config|get config|set config|rewrite\n");
        text.append(key + "category=dangerous config|get config|set config|rewrite keys sort info flushall\n");
        text.append(key + "category=connection ping\n" + key + "category=transaction multi exec\n");
    }
}
