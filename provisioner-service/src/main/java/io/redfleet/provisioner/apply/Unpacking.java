package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.plan.TreeAction;
import io.redfleet.provisioner.survey.Freight;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Has {@code unpack.sh} do one thing. An archive is sent only where the host says that it is wanted, and as it is pinned. */
final class Unpacking {
    /** A minute to meet others, and seconds. */
    private static final Duration LOOK = Duration.ofSeconds(90);
    /** A minute to meet others, ten to receive, two to look into it, five to unpack it, and some seconds to the disk. */
    private static final Duration SEND = Duration.ofMinutes(20);
    /** What the script says at its end where the archive has to come. */
    private static final String WANTED = "wanted";

    private final Hosts hosts;
    private final Freight freight;

    /** Runs a script on the host under its lease, as {@link Hands} runs each. */
    interface Line {
        /** @param shown with what to tell people in place of all arguments */
        StepResult run(Hosts via, Script shown, List<String> arguments);
    }

    Unpacking(Hosts hosts, Freight freight) {
        this.hosts = hosts;
        this.freight = freight;
    }

    StepResult perform(TreeAction it, Line line) {
        return switch (it) {
            case TreeAction.Unpack unpack -> unpack(unpack, line);
            case TreeAction.Build build ->
                throw new IllegalStateException(build.job().access() + " builds under no lease");
            case TreeAction.Discard discard -> {
                List<String> words = new ArrayList<>(List.of("release"));
                words.addAll(discard.named());
                yield line.run(hosts, script(it, LOOK, words), arguments(it, words));
            }
        };
    }

    private StepResult unpack(TreeAction.Unpack it, Line line) {
        List<String> look = words(it, "look", it.version(), it.archive().sha256());
        StepResult looked = line.run(hosts, script(it, LOOK, look), arguments(it, look));
        if (looked instanceof StepResult.Failed || !looked.detail().endsWith(WANTED)) {
            return looked;
        }
        String file = it.archive().file();
        if (file.isEmpty()) {
            return failed(it, "what was there is gone, and has to be built again: apply again");
        }
        return switch (freight.weigh(file)) {
            case Freight.Missing missing -> failed(it, missing.reason());
            case Freight.Load load
            when load.bytes() > Freight.MOST_BYTES ->
                failed(it, file + " has " + load.bytes() + " bytes; at most " + Freight.MOST_BYTES + " are sent");
            case Freight.Load load
            when !load.sha256().equals(it.archive().sha256()) ->
                failed(
                        it,
                        file + " has sha256 " + load.sha256() + ", and " + pinnedBy(it) + " is "
                                + it.archive().sha256());
            case Freight.Load load -> {
                List<String> words = words(
                        it,
                        "install",
                        it.version(),
                        it.archive().sha256(),
                        "" + load.bytes(),
                        it.place().isUnit() ? "systemd" : "process");
                yield line.run(new Laden(hosts, freight, load), script(it, SEND, words), arguments(it, words));
            }
        };
    }

    private static String pinnedBy(TreeAction.Unpack it) {
        return it.origin().isEmpty() ? "spec.redis.archive.sha256" : "what was built";
    }

    /** The words, and what the archive was built of, if anything. */
    private static List<String> words(TreeAction.Unpack it, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        if (!it.origin().isEmpty()) {
            all.add(it.origin());
        }
        return it.place().engine().after(all);
    }

    private static StepResult failed(TreeAction.Unpack it, String reason) {
        return new StepResult.Failed(it.place().access() + ": nothing was sent: " + reason);
    }

    private static List<String> arguments(TreeAction it, List<String> words) {
        List<String> arguments = new ArrayList<>(List.of(it.top(), it.owner(), it.cluster(), it.base()));
        arguments.addAll(words);
        return arguments;
    }

    /** By root only where the versions lie in a directory of his. */
    private static Script script(TreeAction it, Duration patience, List<String> words) {
        RunAs by = it.place().isUnit() ? RunAs.ROOT : RunAs.LOGIN;
        return Scripts.of(Hands.class, "unpack", patience, words).by(by);
    }

    /** The same hosts, where each script hears the load. */
    private record Laden(Hosts hosts, Freight freight, Freight.Load load) implements Hosts {
        @Override
        public Reply run(HostAccess access, Script script) {
            return freight.send(access, script, load);
        }

        @Override
        public Reply put(HostAccess access, RemoteFile file) {
            return hosts.put(access, file);
        }

        @Override
        public String fingerprint(HostAccess access) {
            return hosts.fingerprint(access);
        }
    }
}
