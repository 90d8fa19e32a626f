package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.wire.Request;
import io.redfleet.contracts.wire.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an order to take a cluster in may say, before a file is looked for by its names and anybody is asked. */
final class TakeInRules {
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9:][A-Za-z0-9._:-]{0,252}");
    private static final Pattern MASTER = Pattern.compile("[^\\p{Cc}\\p{Cf}]{1,200}");
    private static final Pattern FILE = Pattern.compile("(?!.*\\.properties$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern USER = Pattern.compile("[\\x21-\\x7e]{1,64}");

    private final List<Violation> broken = new ArrayList<>();

    private TakeInRules() {}

    /** @param name what the cluster is to be called; {@link ClusterName#FLEET}: nobody says */
    static List<Violation> judge(ClusterName name, Request.TakeIn asked) {
        TakeInRules rules = new TakeInRules();
        rules.form("sentinel", asked.sentinel(), HOST, "must be a name or an address");
        if (asked.port() < 1 || asked.port() > 65_535) {
            rules.rule("sentinel", String.valueOf(asked.port()), "must have a port from 1 to 65535");
        }
        if (name.isFleet() && !asked.dryRun()) {
            rules.rule("name", "", "must be said: what the cluster is to be called");
        }
        rules.form("master", asked.master(), MASTER, "must be the name of a master, of at most 200 characters");
        rules.form(
                "key",
                asked.key(),
                FILE,
                "must be the name of a key in the credentials directory, not a key or a path");
        rules.form(
                "probe.credential",
                asked.probe(),
                FILE,
                "must be the name of a file in the directory of passwords, not a password or a path");
        rules.form("probe.user", asked.user(), USER, "must be the name of a user of Redis, without blanks");
        if (asked.user() != null && asked.probe() == null) {
            rules.rule("probe.credential", "", "must be said with a user: the file with his password, by its name");
        }
        return rules.broken;
    }

    private void form(String field, @Nullable String value, Pattern form, String rule) {
        if (value != null && !form.matcher(value).matches()) {
            // What stands there may be a password by mistake.
            rule(field, field.startsWith("probe") ? "(not shown)" : value, rule);
        }
    }

    private void rule(String field, String value, String rule) {
        broken.add(new Violation(field, value, rule));
    }
}
