package io.redfleet.provisioner.plan;

import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.provisioner.recipe.SentinelConf;
import io.redfleet.provisioner.recipe.UsersFile;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Agents;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.ClusterSurvey;
import io.redfleet.provisioner.survey.Surveyor;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What three hosts say to the cluster "orders" whose Sentinels are those of the group "ring". */
final class GroupedTrio implements SaidHosts.Says {
    static final Accounts ACCOUNTS = new Accounts(
            RunningTrio.ACCOUNTS.passwords(),
            "",
            Agents.NONE,
            Login.NONE,
            Map.of(),
            new Login("group", Secret.of("pw-of-the-group")));

    /** What another cluster of the group has left. */
    static final String BILLING = "billing billing 10.0.0.11:26379,10.0.0.12:26379,10.0.0.13:26379";

    private static final String SHUT = "AUTH failed: WRONGPASS invalid username-password pair or user is disabled.";
    private static final String NO_MASTER = "ERR No such master with that name";

    /** How far the Sentinel of a host is. */
    enum Sentinel {
        /** There is none. */
        ABSENT,
        /** Its removal was cut off: the mark is left, and nothing else. */
        HALF,
        /** Others have made it, and it does not run. */
        OUT,
        /** Others have made it, and nobody of "orders" is let in. */
        SHUT,
        /** The users of "orders" are, and its master is not watched. */
        ENTERED,
        /** It is, and nothing is noted. */
        WATCHING,
        /** A member. */
        MEMBER,
        /** It has been one, and does not run. */
        DEAD,
        /** It watches the master of "orders", and lets nobody of it in. */
        LOCKED
    }

    final ClusterState cluster = Plans.cluster(3, Map.of("sentinel", Map.of("group", "ring")));
    private final Map<String, Sentinel> sentinels = new HashMap<>();
    private final Map<String, String> roles = new HashMap<>();
    private String others = BILLING;
    private String users = UsersFile.sentinel(ACCOUNTS);
    private String master = "10.0.0.11";
    private String version = "7.0.15";
    private boolean stopped;

    /** @param stage of the Sentinel of each host */
    GroupedTrio(Sentinel stage) {
        for (String host : new String[] {"r1", "r2", "r3"}) {
            sentinels.put(host, stage);
        }
    }

    void is(String host, Sentinel stage) {
        sentinels.put(host, stage);
    }

    /** The data nodes run: r1 is master, the others follow it. */
    GroupedTrio running() {
        roles.put("r1", "role:master");
        for (String replica : new String[] {"r2", "r3"}) {
            follows(replica, "10.0.0.11");
        }
        return this;
    }

    void leads(String host) {
        roles.put(host, "role:master");
    }

    void follows(String host, String master) {
        roles.put(
                host,
                "role:slave\ni.redis-server.info=master_host:" + master
                        + "\ni.redis-server.info=master_port:6379\ni.redis-server.info=master_link_status:up"
                        + "\ni.redis-server.info=slave_priority:100");
    }

    /** What the hosts have; what runs is as it was. */
    void installed(String redis) {
        version = redis;
    }

    /** Somebody has stopped each Sentinel that does not run. */
    void stopped() {
        stopped = true;
    }

    /** What the only other member has noted; empty: there is none. */
    void others(String note) {
        others = note;
    }

    /** What the Sentinels' users are, each password that is not the cluster's as {@code #other}. */
    void users(String text) {
        users = text;
    }

    /** Where the master of that name is, by the Sentinels' files. */
    void watched(String address) {
        master = address;
    }

    ClusterSurvey survey() {
        return new Surveyor(new SaidHosts(this), Runnable::run, () -> Instant.EPOCH, state -> ACCOUNTS)
                .surveyToPlan(cluster);
    }

    Plan plan() {
        return Planner.plan(cluster, survey());
    }

    @Override
    public String of(String host, String script) {
        return switch (script) {
            case "survey" -> surveyed(host);
            case "access" -> entered(host);
            default -> throw new AssertionError("nobody asks for " + script);
        };
    }

    private String surveyed(String host) {
        StringBuilder text = new StringBuilder("""
                base=/home/ops/redfleet
                boot=b
                os=debian 12
                free=1099511627776
                now=0
                binary=/usr/bin/redis-check-rdb
                version=7.0.15
                engine=redis
                cli=/usr/bin/redis-cli
                """.replace("version=7.0.15", "version=" + version));
        String role = roles.get(host);
        if (role != null) {
            runs(text, "redis-server", "u1 orders/" + host + "/redis-server");
            text.append("i.redis-server.ping=PONG\ni.redis-server.revision=u1 1\n");
            text.append("i.redis-server.info=redis_version:7.0.15\n");
            text.append("i.redis-server.info=" + role + "\n");
        }
        sentinel(text, sentinels.getOrDefault(host, Sentinel.ABSENT));
        return text + "end=yes\n";
    }

    private void sentinel(StringBuilder text, Sentinel stage) {
        String key = "i.redis-sentinel.";
        if (stage == Sentinel.ABSENT) {
            return;
        }
        if (stage == Sentinel.HALF) {
            text.append(key + "directory=yes\n" + key + "owner=group ring/redis-sentinel\n");
            return;
        }
        if (stage == Sentinel.OUT || stage == Sentinel.DEAD) {
            text.append(stopped ? key + "stopped=yes\n" : "");
            text.append(key + "directory=yes\n" + key + "owner=group ring/redis-sentinel\n" + key + "conf=yes\n");
        } else {
            runs(text, "redis-sentinel", "group ring/redis-sentinel");
            text.append(key + "ping=" + (shuts(stage) ? SHUT : "PONG") + "\n");
        }
        if (!others.isEmpty()) {
            text.append(key + "member=" + others + "\n" + key + "watches=billing 10.0.0.11:6400\n");
        }
        boolean watches = stage.compareTo(Sentinel.ENTERED) > 0;
        if (watches) {
            text.append(key + "joined=yes\n" + key + "watches=orders " + master + ":6379\n");
        }
        if (stage == Sentinel.MEMBER || stage == Sentinel.DEAD) {
            text.append(key + "member=" + BILLING.replace("billing", "orders") + " process\n");
        }
        if (stage == Sentinel.ENTERED) {
            text.append(key + "master=" + NO_MASTER + "\n" + key + "master=\n" + key + "quorum=" + NO_MASTER + "\n");
        }
        if (stage == Sentinel.WATCHING || stage == Sentinel.MEMBER) {
            master(text);
        }
        if (stage != Sentinel.OUT && stage != Sentinel.DEAD && !shuts(stage)) {
            text.append(key + "info=redis_version:7.0.15\n");
            if (!others.isEmpty()) {
                text.append(key + "info=master0:name=billing,status=ok,address=10.0.0.11:6400,slaves=2,sentinels=3\n");
            }
        }
    }

    private static boolean shuts(Sentinel stage) {
        return stage == Sentinel.SHUT || stage == Sentinel.LOCKED;
    }

    private void master(StringBuilder text) {
        String key = "i.redis-sentinel.";
        Map<String, String> fields = new LinkedHashMap<>(SentinelConf.owned(cluster.spec()));
        fields.put("name", "orders");
        fields.put("ip", master);
        fields.put("port", "6379");
        fields.put("num-slaves", "2");
        fields.put("num-other-sentinels", "2");
        fields.forEach((field, value) -> text.append(key + "master=" + field + "\n" + key + "master=" + value + "\n"));
        text.append(key + "quorum=OK 3 usable Sentinels\n");
    }

    private static void runs(StringBuilder text, String name, String owner) {
        String key = "i." + name + ".";
        text.append(key + "directory=yes\n" + key + "owner=" + owner + "\n" + key + "conf=yes\n");
        text.append(key + "pid=7\n" + key + "start=1\n" + key + "listening=yes\n");
    }

    private String entered(String host) {
        StringBuilder text = new StringBuilder();
        if (roles.containsKey(host)) {
            say(text, "redis-server", UsersFile.redis(ACCOUNTS, "7.0.15"), "masteruser", "masterauth");
            text.append("i.redis-server.logins=read\n");
        }
        Sentinel stage = sentinels.getOrDefault(host, Sentinel.ABSENT);
        if (stage == Sentinel.WATCHING || stage == Sentinel.MEMBER) {
            say(text, "redis-sentinel", users, "auth-user", "auth-pass", "sentinel-user", "sentinel-pass");
            text.append("i.redis-sentinel.logins=read\n");
        } else if (stage == Sentinel.ENTERED) {
            say(text, "redis-sentinel", users, "sentinel-user", "sentinel-pass");
        }
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
        text.append(key + "category=fast ping get role publish spublish multi exec\n");
        text.append(key + "category=slow info set sort keys config config|get config|set config|rewrite flushall\n");
        text.append(key + "category=admin config|get config|set config|rewrite\n");
        text.append(key + "category=dangerous config|get config|set config|rewrite keys sort info flushall\n");
        text.append(key + "category=connection ping\n" + key + "category=transaction multi exec\n");
    }
}
