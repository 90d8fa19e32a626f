package io.redfleet.cli.verb.watch;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.cli.verb.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a verb of Monit's is about: everything, a cluster, an instance, or a group. Views also take a check of a host. */
@SuppressWarnings("NullAway.Init") // picocli sets the spec before any verb runs
public final class Subject {
    private static final String ALL = "all";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "all|CLUSTER[/HOST/NAME]",
            description = "Everything, a cluster, or one instance, as orders/r1/redis-server.")
    private @Nullable String text;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Only those that the rules of their cluster put in this group.")
    private @Nullable String group;

    /** Whoever changes something has to say what it is about. */
    void needed() {
        if (text == null && group == null) {
            throw usage("Say what: all, CLUSTER, CLUSTER/HOST/NAME, or --group GROUP");
        }
    }

    boolean grouped() {
        return group != null;
    }

    boolean everything() {
        return text == null || text.equals(ALL);
    }

    /** The one cluster that is named without an instance of it. */
    Optional<String> cluster() {
        return everything() || instance().isPresent() ? Optional.empty() : Optional.ofNullable(text);
    }

    Optional<Names.Instance> instance() {
        String name = text;
        if (name == null || !name.contains("/")) {
            return Optional.empty();
        }
        Optional<Names.Instance> instance = Names.instance(name);
        if (instance.isEmpty()) {
            throw usage("Not CLUSTER/HOST/NAME: " + name);
        }
        return instance;
    }

    /** As the views take it. */
    Map<String, String> query() {
        Map<String, String> query = new HashMap<>();
        cluster().ifPresent(name -> query.put("cluster", name));
        instance().ifPresent(one -> {
            query.put("cluster", one.cluster());
            query.put("instance", one.id());
        });
        if (group != null) {
            query.put("group", group);
        }
        return query;
    }

    /** The instances of an answer of {@code /status}, in its order. */
    static List<Names.Instance> instances(JsonNode status) {
        List<Names.Instance> instances = new ArrayList<>();
        status.path("items").forEach(item -> {
            String name = item.path("cluster").asText() + "/" + item.path("id").asText();
            Names.instance(name).ifPresent(instances::add);
        });
        return instances;
    }

    /** Whether an answer of {@code /status} is about checks of hosts and no instance: nobody orders anything of those. */
    static boolean ofHostsAlone(JsonNode status) {
        return status.path("items").isEmpty() && !status.path("hosts").isEmpty();
    }

    CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
