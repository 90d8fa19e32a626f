package io.redfleet.cli.verb.watch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.screen.Screen;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.Names;
import io.redfleet.cli.verb.Shown;
import io.redfleet.cli.verb.Started;
import io.redfleet.cli.verb.Verb;
import io.redfleet.cli.verb.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Start, stop or restart one instance, or many in turn: the verb is the name under which the command was added. */
@Command
@SuppressWarnings("NullAway.Init") // picocli sets spec and required parameters before the verb runs
public final class InstanceOrder extends Verb {
    private static final Set<Integer> OF_ONE = Set.of(403, 404, 409, 422);

    @Spec
    private CommandSpec spec;

    @Mixin
    private final Subject subject = new Subject();

    @Option(
            names = "--confirm",
            paramLabel = "WORD",
            description = "The exact word that the gateway asks for when the order would hurt.")
    private @Nullable String confirm;

    @Mixin
    private final Started started = new Started();

    public InstanceOrder(World world) {
        super(world);
    }

    @Override
    protected int run(Gateway gateway, Screen screen) {
        Duration limit = started.limit(this);
        subject.needed();
        Optional<Names.Instance> instance = subject.grouped() ? Optional.empty() : subject.instance();
        if (instance.isPresent()) {
            ObjectNode body = Shown.object();
            if (confirm != null) {
                body.put("confirm", confirm);
            }
            return started.show(gateway, screen, order(gateway, instance.get(), started.with(Map.of()), body), limit);
        }
        if (confirm != null) {
            throw usage("--confirm is for one instance, named in full: what would hurt is not done to many at once");
        }
        return Shown.done(screen, gateway.get("/status", subject.query()), body -> {
            if (Subject.ofHostsAlone(body)) {
                screen.note("In this group are checks of hosts alone: a host is neither started nor stopped.");
                return Exit.FAILED;
            }
            return oneByOne(gateway, screen, Subject.instances(body), limit);
        });
    }

    /** Each once the one before is done; what is refused is left as it is, and after a failure the rest is. */
    private int oneByOne(Gateway gateway, Screen screen, List<Names.Instance> instances, Duration limit) {
        int worst = Exit.DONE;
        for (Names.Instance instance : instances) {
            Answer answer = order(gateway, instance, Started.inTurn(), Shown.object());
            screen.note(instance + ": " + spec.name());
            int exit = started.showToItsEnd(gateway, screen, answer, limit);
            worst = Math.max(worst, exit);
            if (exit != Exit.DONE && !isForItself(answer)) {
                screen.note("The rest was left as it is.");
                return worst;
            }
        }
        return worst;
    }

    /** Whether it was refused for what this one instance is. All else may have been done, or may be so with the next. */
    private static boolean isForItself(Answer answer) {
        return answer instanceof Answer.Refused refused && OF_ONE.contains(refused.status());
    }

    private Answer order(Gateway gateway, Names.Instance instance, Map<String, String> query, ObjectNode body) {
        return gateway.post(instance.path() + "/" + spec.name(), query, body);
    }
}
