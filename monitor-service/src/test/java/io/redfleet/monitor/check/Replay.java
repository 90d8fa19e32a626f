package io.redfleet.monitor.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.monitor.check.Timeline.Cycle;
import io.redfleet.monitor.check.Timeline.Row;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import io.redfleet.monitrc.Rule;
import io.redfleet.monitrc.Test.Connection;
import io.redfleet.monitrc.Test.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;

/** Feeds what Monit saw, service by service, and what came of its deeds at once, as Monit waits for them. */
final class Replay {
    private static final Duration LONG_UP = Duration.ofDays(1);

    private final Plan plan;
    private Map<String, ServiceState> states;
    private Instant now = Instant.EPOCH;
    private int compared;

    Replay(String file) {
        Reading reading = Monitrc.read(file);
        assertThat(reading.faults()).isEmpty();
        plan = Plan.of(reading.file(), 0);
        states = plan.fresh();
    }

    /** The only one of the file. */
    ServiceEntry service() {
        return plan.services().iterator().next();
    }

    /** How many events and deeds were the same. */
    int compared() {
        return compared;
    }

    /** Who is watched and not judged because of what it depends on, and why: as it stood in the last cycle. */
    Map<String, String> waiting() {
        Map<String, String> waiting = new HashMap<>();
        for (ServiceEntry service : plan.services()) {
            if (state(service.name()).watched().isWatched()) {
                service.parents().stream()
                        .flatMap(parent -> state(parent).holdsUp(parent).stream())
                        .findFirst()
                        .ifPresent(why -> waiting.put(service.name(), why));
            }
        }
        return waiting;
    }

    private ServiceState state(String service) {
        return Objects.requireNonNull(states.get(service));
    }

    /** @param eyes what is seen of a service, by Monit's rows about it or without them */
    void cycle(Cycle cycle, BiFunction<ServiceEntry, List<Row>, Seen> eyes) {
        now = now.plusSeconds(2);
        Round round = new Round(plan, states, now);
        for (ServiceEntry service : plan.services()) {
            List<Row> rows = cycle.rows().getOrDefault(service.name(), List.of());
            Story said = said(round);
            replay(round, service, rows, eyes);
            Story now = said(round);
            List<String> told = now.told.subList(said.told.size(), now.told.size());
            List<String> deeds = now.deeds.subList(said.deeds.size(), now.deeds.size());
            String which = "cycle " + cycle.number() + " of " + service.name() + ": " + rows;
            assertThat(told).as(which).isEqualTo(events(rows));
            assertThat(deeds).as(which).isEqualTo(deeds(rows));
            compared += told.size() + deeds.size();
        }
        states = round.end().states();
    }

    private static void replay(
            Round round, ServiceEntry service, List<Row> rows, BiFunction<ServiceEntry, List<Row>, Seen> eyes) {
        // Monit says that it watches a child again before it judges it; the engine has done so with its parent's
        // start.
        List<Row> rest =
                rows.stream().filter(row -> !row.what().equals("monitor")).toList();
        replayed(round, service, rest, eyes);
    }

    private static void replayed(
            Round round, ServiceEntry service, List<Row> rows, BiFunction<ServiceEntry, List<Row>, Seen> eyes) {
        List<Row> seen = rows.stream().takeWhile(Row::isSeen).toList();
        round.judge(service.name(), eyes.apply(service, seen));
        Deed.Verb verb = Deed.Verb.RESTART;
        Deed.Cause cause = Deed.Cause.RULE;
        boolean halfway = false;
        for (int i = seen.size(); i < rows.size(); i++) {
            String what = rows.get(i).what();
            halfway = what.equals("stop succeeded") && verb == Deed.Verb.RESTART;
            if (what.startsWith("asked ")) {
                Wish wish = Wish.valueOf(what.substring(6).toUpperCase(Locale.ROOT));
                round.ask(service.name(), wish);
                cause = Deed.Cause.PERSON;
                verb = wish == Wish.MONITOR || wish == Wish.UNMONITOR ? verb : Deed.Verb.valueOf(wish.name());
            } else if (what.equals("start succeeded") || (what.equals("stop succeeded") && verb == Deed.Verb.STOP)) {
                List<Row> fresh = rows.subList(i + 1, rows.size()).stream()
                        .takeWhile(Row::isSeen)
                        .toList();
                round.ended(service.name(), verb, cause, "", eyes.apply(service, fresh));
            } else if (what.endsWith(" failed")) {
                round.ended(service.name(), verb, cause, "failed to start", eyes.apply(service, List.of()));
            } else if (what.equals("unmonitor")) {
                assertThat(round.end().states().get(service.name()))
                        .isEqualTo(ServiceState.fresh(service, Watched.NOT));
            }
        }
        if (halfway && isUnderWay(round, service)) {
            // Somebody is there again before Monit starts it: it goes without a start, and says nothing of it
            // (control.c).
            round.ended(service.name(), verb, cause, "", eyes.apply(service, List.of()));
        }
    }

    private static boolean isUnderWay(Round round, ServiceEntry service) {
        return Objects.requireNonNull(round.end().states().get(service.name())).underWay() != null;
    }

    static Seen seen(ServiceEntry service, List<Row> rows) {
        Presence presence = Presence.UNKNOWN;
        Result connection = Result.NONE;
        Result status = Result.NONE;
        Duration uptime = LONG_UP;
        long pid = 0;
        boolean zombie = false;
        for (Row row : rows) {
            String[] word = row.what().split(" ", 3);
            switch (word[0]) {
                case "present" -> pid = Long.parseLong(word[1]);
                case "absent" -> presence = Presence.ABSENT;
                case "zombie" -> zombie = true;
                case "paused" -> uptime = service.grace().minusSeconds(Long.parseLong(word[1]));
                case "connected" -> connection = Result.passed("");
                case "not" -> connection = Result.failed(word[2]);
                case "status" -> status = word[1].equals("failed") ? Result.failed("") : Result.passed("");
                default -> {}
            }
        }
        if (pid > 0) {
            presence = new Presence.Present(pid, 1, uptime, zombie);
        }
        List<Result> results = new ArrayList<>();
        for (Rule rule : service.rules()) {
            results.add(
                    rule.test() instanceof Connection
                            ? connection
                            : rule.test() instanceof Status ? status : Result.NONE);
        }
        return new Seen(presence, results);
    }

    private static List<String> events(List<Row> rows) {
        return rows.stream()
                .map(Row::event)
                .filter(event -> !event.isEmpty())
                .map(event -> event.equals("Status") ? "Status/failed" : event)
                .toList();
    }

    private static List<String> deeds(List<Row> rows) {
        List<String> deeds = new ArrayList<>();
        for (Row row : rows) {
            switch (row.what()) {
                case "restart" -> deeds.add("RESTART");
                case "asked start" -> deeds.add("START");
                case "asked stop" -> deeds.add("STOP");
                default -> {}
            }
        }
        return deeds;
    }

    private record Story(List<String> told, List<String> deeds) {}

    private static Story said(Round round) {
        Turn turn = round.end();
        return new Story(
                turn.told().stream().map(Replay::event).toList(),
                turn.deeds().stream().map(deed -> deed.verb().name()).toList());
    }

    private static String event(Told told) {
        String kind = switch (told.kind()) {
            case NONEXIST -> "NonExist";
            case TIMEOUT -> "Timeout";
            case CONNECTION -> "Connection";
            case DATA -> "Data";
            case EXEC -> "Exec";
            case ACTION -> "Action";
            case PID -> "Pid";
            case STATUS -> "Status";
            case PPID, UPTIME, RESOURCE, ICMP, EXIST -> told.kind().name();
        };
        return kind + "/" + told.change().name().toLowerCase(Locale.ROOT);
    }
}
