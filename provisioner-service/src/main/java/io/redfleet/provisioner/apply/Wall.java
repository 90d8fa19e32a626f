package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.lease.Fence;
import io.redfleet.provisioner.lease.Grant;
import io.redfleet.provisioner.plan.FirewallAction;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Surveyor;
import io.redfleet.provisioner.tuning.HostFiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Has {@code firewall.sh} do one thing. A table that shuts is kept only if every other host of the cluster still reaches what it
 * reached before, and if the word to keep it comes by a new connection: what no new login can bring keeps nothing. A table that
 * is not kept is taken away by its host itself, whatever has become of us.
 *
 * <p>What was reached before is asked of what was kept: a table that waits still, of an attempt that was cut off, is put back
 * first, or whom it shuts out would have reached nothing before. Nor does one that could not be asked count as one that reached
 * nothing.
 */
final class Wall {
    /** Ten seconds to meet others, nft's own twenty at most four times, and what systemd is told. */
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** The way there and back, and the login. */
    private static final Duration TRAVEL = Duration.ofSeconds(10);
    /** What redis-cli is given for one question. */
    private static final Duration ASKED = Duration.ofSeconds(2);
    /** For our own part: to try, and to say that it is kept. */
    private static final Duration LEAST = Duration.ofSeconds(30);
    /** What is longer is no dead man's switch any more; where asking takes so long, nothing is kept. */
    private static final Duration MOST = Duration.ofMinutes(2);
    /** One that is slow for a moment is not shut out. */
    private static final int TRIES = 2;
    /** Once so many are named, nobody else is asked: all of them wait. */
    private static final int MOST_NAMED = 3;

    private static final String REACHED = "reached=";
    private static final String WHOLE = "reach.end=yes";
    /** A host without that user reaches nothing as he; sudo says so, or a script. */
    private static final Pattern NOBODY = Pattern.compile("unknown user:? redis|has no user redis");
    /** What firewall.sh says where a word to keep fails after the rules were written, which its watchman loads again. */
    private static final String STAYS = "the table stays: apply again";

    private final Hosts hosts;
    private final Grant grant;

    Wall(Hosts hosts, Grant grant) {
        this.hosts = hosts;
        this.grant = grant;
    }

    StepResult perform(FirewallAction it) {
        return switch (it) {
            case FirewallAction.Open open -> sent(open, hosts::run, List.of("open"), List.of());
            case FirewallAction.Shut shut -> shut(shut);
        };
    }

    private StepResult shut(FirewallAction.Shut it) {
        Fence fence = grant.fence(it.place().host());
        if (!(fence instanceof Fence.Open open)) {
            return closed(it, fence);
        }
        // Another one for other rules: the watchman of those before must not take these for his.
        String token = open.lease() + "." + HostFiles.hash(it.rules()).substring(0, 16);
        StepResult lapsed = sent(it, hosts::run, List.of("lapse"), List.of());
        if (lapsed instanceof StepResult.Failed) {
            return lapsed;
        }
        Map<Place, Set<String>> before = new LinkedHashMap<>();
        for (Place other : it.others()) {
            Reached now = reached(it, other);
            if (!now.asked()) {
                return new StepResult.Failed(it.place().access() + ": nothing was tried: "
                        + other.host().name() + " could not be asked: " + now.trouble());
            }
            before.put(other, now.ports());
        }
        long seconds = seconds(it);
        List<String> lines = new ArrayList<>(it.rules());
        lines.add("--");
        lines.addAll(it.unit());
        StepResult tried = sent(it, hosts::run, List.of("shut", token, "" + seconds), lines);
        if (!(tried instanceof StepResult.Changed)) {
            return tried instanceof StepResult.Unchanged && lapsed instanceof StepResult.Changed ? lapsed : tried;
        }
        List<String> lost = lost(it, before);
        if (!lost.isEmpty()) {
            StepResult undone = sent(it, hosts::run, List.of("undo", token), List.of());
            String end = undone instanceof StepResult.Failed failed
                    ? "the host takes it away within " + seconds + " s, for it could not be told to: " + failed.detail()
                    : "it was taken away again";
            return new StepResult.Failed(
                    it.place().access() + ": the table was tried, and " + String.join(", ", lost) + "; " + end);
        }
        StepResult kept = sent(it, hosts::anew, List.of("keep", token), List.of());
        return kept instanceof StepResult.Failed failed && !failed.detail().contains(STAYS)
                ? new StepResult.Failed(failed.detail()
                        + "; a table that is not kept the host takes away by itself within " + seconds + " s")
                : kept;
    }

    /** Who does not reach any more what he reached before, in words. */
    private List<String> lost(FirewallAction.Shut it, Map<Place, Set<String>> before) {
        List<String> lost = new ArrayList<>();
        for (Map.Entry<Place, Set<String>> entry : before.entrySet()) {
            if (lost.size() < MOST_NAMED) {
                lost(it, entry.getKey(), entry.getValue()).ifPresent(lost::add);
            }
        }
        return lost;
    }

    private Optional<String> lost(FirewallAction.Shut it, Place other, Set<String> ports) {
        Set<String> missing = new TreeSet<>(ports);
        String trouble = "";
        for (int i = 0; i < TRIES && !missing.isEmpty(); i++) {
            Reached now = reached(it, other);
            missing.removeAll(now.ports());
            trouble = now.trouble();
        }
        String why = trouble.isEmpty() ? "" : " (" + trouble + ")";
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(other.host().name() + " reached port " + String.join(" and port ", missing) + " of "
                        + it.place().host().address() + " before and not any more" + why);
    }

    /**
     * @param asked whether the question came there
     * @param trouble why nobody knows; empty: it is known
     */
    private record Reached(Set<String> ports, boolean asked, String trouble) {}

    private Reached reached(FirewallAction.Shut it, Place from) {
        List<String> arguments = new ArrayList<>(List.of(it.place().host().address()));
        it.ports().forEach(port -> arguments.add("" + port));
        Script script = Scripts.of(Hands.class, "reach", asking(it).plus(TRAVEL), arguments)
                .by(from.keeper())
                .as(from.login());
        return switch (hosts.run(from.access(), script)) {
            case Reply.Failed failed -> new Reached(Set.of(), false, failed.reason());
            case Reply.Done done
            when !done.out().contains(WHOLE) ->
                new Reached(Set.of(), NOBODY.matcher(done.err()).find(), said(done));
            case Reply.Done done ->
                new Reached(
                        done.out()
                                .lines()
                                .filter(line -> line.startsWith(REACHED))
                                .map(line -> line.substring(REACHED.length()))
                                .collect(Collectors.toSet()),
                        true,
                        "");
        };
    }

    /** How long a table waits for the word: what it takes to ask everybody as often as they are asked, within reason. */
    private static long seconds(FirewallAction.Shut it) {
        Duration all =
                asking(it).plus(TRAVEL).multipliedBy((long) TRIES * it.others().size());
        return Math.min(MOST.toSeconds(), LEAST.plus(all).toSeconds());
    }

    private static Duration asking(FirewallAction.Shut it) {
        return ASKED.multipliedBy(it.ports().size());
    }

    /** @param lines of files, which are not shown */
    private StepResult sent(
            FirewallAction it, BiFunction<HostAccess, Script, Reply> way, List<String> words, List<String> lines) {
        Fence fence = grant.fence(it.place().host());
        if (!(fence instanceof Fence.Open open)) {
            return closed(it, fence);
        }
        List<String> arguments = new ArrayList<>(List.of(Surveyor.WHOLE_MACHINE, it.owner(), it.cluster()));
        arguments.addAll(words);
        arguments.addAll(lines);
        Script script = Scripts.of(
                        Hands.class,
                        "firewall",
                        PATIENCE.plus(TRAVEL),
                        open.at(it.base()).before(arguments))
                .by(RunAs.ROOT);
        HostAccess access = it.place().access();
        return switch (way.apply(access, script)) {
            case Reply.Failed failed -> new StepResult.Failed(failed.reason());
            case Reply.Done done
            when !done.ok() -> new StepResult.Failed(access + ": firewall " + words.getFirst() + ": " + said(done));
            case Reply.Done done -> {
                grant.begun();
                String out = done.out().strip();
                yield out.endsWith("unchanged") ? new StepResult.Unchanged(out) : new StepResult.Changed(shown(out));
            }
        };
    }

    private static String shown(String out) {
        return out.replace("\n", "; ");
    }

    private static StepResult closed(FirewallAction it, Fence fence) {
        String reason = fence instanceof Fence.Shut shut ? shut.reason() : "";
        return new StepResult.Failed(it.place().access() + ": nothing was sent: " + reason);
    }

    private static String said(Reply.Done done) {
        String err = done.err().strip();
        return err.isEmpty() ? "ended with status " + done.exit() : shown(err);
    }
}
