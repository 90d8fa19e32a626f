package io.redfleet.cli.verb.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Another password, in two steps with as much time between them as its users need. */
@Command(
        name = "rotate",
        description = {
            "Give a cluster's user another password. Both are taken until --finish, so that applications",
            "change at their own pace. Needs the role admin."
        },
        footer = {
            "",
            "Examples, in their order:",
            "  redfleet secret rotate orders --wait            the new one is taken beside the old one",
            "  redfleet secret reveal orders application       the new one, for the applications",
            "  redfleet secret rotate orders --finish --wait   the old one is taken no more"
        })
@SuppressWarnings("NullAway.Init") // picocli sets required parameters before the verb runs
public final class SecretRotate extends Verb {
    @Parameters(paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster;

    @Option(
            names = "--purpose",
            paramLabel = "USER",
            description =
                    "application, replication, sentinel, peer, probe, canary or admin. Default: ${DEFAULT-VALUE}.")
    private String purpose = "application";

    @Option(names = "--finish", description = "Take the old password no more. Who is logged in by it stays so.")
    private boolean finish;

    @Mixin
    private final Started started = new Started();

    public SecretRotate(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        ObjectNode body = Shown.object().put("purpose", purpose).put("finish", finish);
        Answer answer = gateway.post(Names.cluster(cluster) + "/secrets/rotate", started.with(Map.of()), body);
        return started.show(gateway, screen, answer, limit);
    }
}
