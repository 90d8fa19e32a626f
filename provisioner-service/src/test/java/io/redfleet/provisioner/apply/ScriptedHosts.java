package io.redfleet.provisioner.apply;

import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.lease.Holder;
import io.redfleet.provisioner.lease.HostLease;
import io.redfleet.provisioner.lease.HostLeases;
import io.redfleet.provisioner.lease.LeaseState;
import io.redfleet.provisioner.packages.Release;
import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Hosts;
import io.redfleet.provisioner.survey.RemoteFile;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.SaidWays;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Hosts that are nothing but a state, fast enough to be cut off at every call. It knows the scripts by name and does to
 * its state what they would do to a host; it keeps what would do harm.
 *
 * <p>It gives leases as lease.sh does and refuses scripts as {@code fenced} in common.sh does. What would change
 * something without proving a lease is harm.
 */
public final class ScriptedHosts implements Hosts, HostLeases {
    /** What root runs; a program of a rule is root's to run where instances are systemd's. */
    private static final Set<String> ROOTS = Set.of(
            "firewall",
            "tune",
            "init-script",
            "init-start",
            "init-stop",
            "unit",
            "unit-agent",
            "unit-guard",
            "unit-start",
            "unit-stop",
            "unit-gone",
            "unit-let-go",
            "unit-unagent",
            "rotate");

    /** By which setting an instance logs in elsewhere as a user. */
    private static final Map<String, String> USED =
            Map.of("replication", "masterauth", "sentinel", "auth-pass", "peer", "sentinel-pass");

    /** Programs of a version beside others. */
    private static final Pattern VERSIONS = Pattern.compile(".*/(\\d+\\.\\d+\\.\\d+)/bin/[^/]+");

    /** Where the connection is lost: before the call has an effect, or after it. */
    public enum Cut {
        BEFORE,
        AFTER
    }

    private final Map<String, Instance> instances = new TreeMap<>();
    private final Map<String, Agent> agents = new TreeMap<>();
    private final Map<String, ScriptedMachine> machines = new TreeMap<>();
    private final Map<String, ScriptedWall> walls = new TreeMap<>();
    /** What the Monits that systemd runs have read, by host and path of the unit. */
    private final Map<String, String> reporting = new TreeMap<>();
    /** Whether Monit is installed. */
    private boolean monit = true;

    /** Unit files, by host and path. */
    private final Map<String, Unit> units = new TreeMap<>();

    /** Those of them, by host and path, that systemd has not read as they are now. */
    private final Set<String> untold = new TreeSet<>();

    /** Files of logrotate, by host: the mark, then the content. */
    private final Map<String, List<String>> rotations = new TreeMap<>();
    /** Whether hosts have a directory for them. */
    private boolean rotates = true;
    /** Start guards, each after the password that came with it, by host and path. */
    private final Map<String, String> guards = new TreeMap<>();

    private final List<String> runs = new ArrayList<>();

    /** What becomes of connections, by host, address and port. */
    private final Map<String, String> ways = new TreeMap<>();

    private final Map<String, String> staged = new TreeMap<>();
    private final List<String> harm = new ArrayList<>();
    /** What each call since the line was told where to fail was about. */
    private final List<String> heard = new ArrayList<>();

    private int calls;
    private int cutAt = Integer.MAX_VALUE;
    private Cut cut = Cut.BEFORE;
    private int starts;
    private final Map<String, ScriptedLease> leases = new TreeMap<>();
    /** Uptime in hundredths of a second, the same on all hosts. */
    private long uptime = 100_000;

    /** What a start runs, on every host, unless the links of the instance lead to a version of their own. */
    private String version = "7.0.15";

    /** The same of hosts that have one of their own. */
    private final Map<String, String> releases = new TreeMap<>();

    /** Whether all that is Valkey, which says the version of one and the same Redis beside its own. */
    private boolean valkey;

    /** Whether it is harm to stop one while another is down, or a master. */
    private boolean oneByOne;

    private final List<String> programs = new ArrayList<>();
    private String programsSay = "";

    /** Lines of verify.sh beside those of a host that is as it should be; by host. */
    private final Map<String, String> verifies = new TreeMap<>();

    /** Lines of canary.sh in place of those of a host where the key comes and goes; by host. */
    private final Map<String, String> canaries = new TreeMap<>();

    /** Directories whose data is archived. */
    private final Set<String> archived = new TreeSet<>();
    /** Why no data can be archived; empty: it can. */
    private String noArchive = "";

    /** Hosts whose instances do not say who may enter them. */
    private final Set<String> closed = new TreeSet<>();

    private final List<String> changes = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();

    private static final class Instance {
        String owner = "";
        String noted = "";
        String file = "";
        String users = "";
        boolean running;
        int pid;
        boolean retired;
        /** As surveys have asked for it; empty: never. */
        String endpoint = "";

        boolean redis;
        /** How often it was started, when last, and as which Redis. */
        int begun;

        long begunAt;
        String version = "";
        /** Of what its links lead to, where versions lie beside each other; empty: they lead to what the host has. */
        String linked = "";
        /** Of what wrote the data that it has; empty: it has none. */
        String stored = "";
        /** With what it was told to log in elsewhere, by the name of the setting. */
        final Map<String, String> used = new TreeMap<>();

        /** Of a Sentinel, alive or not, since it forgot last. */
        final Set<String> knows = new TreeSet<>();
    }

    private record Unit(String owner, String content, boolean boot) {}

    /** Unit files, by host and path, each as {@code owner boot}. */
    public synchronized Map<String, String> units() {
        Map<String, String> shown = new TreeMap<>();
        units.forEach((where, unit) -> shown.put(where, unit.owner() + " " + unit.boot()));
        return shown;
    }

    /** Unit files, by host and path, that systemd has not read as they are now. */
    public synchronized Set<String> untold() {
        return new TreeSet<>(untold);
    }

    /** Somebody has changed a unit file by hand, and systemd has read it. */
    public synchronized void otherUnit(String where) {
        Unit unit = units.get(where);
        if (unit == null) {
            throw new IllegalStateException("there is no unit " + where + ": " + units.keySet());
        }
        units.put(where, new Unit(unit.owner(), "by hand", unit.boot()));
    }

    /** Start guards and their passwords, by host and path. */
    public synchronized Map<String, String> guards() {
        return new TreeMap<>(guards);
    }

    /** Somebody has changed a guard by hand. */
    public synchronized void otherGuard(String where, String carried) {
        guards.put(where, carried);
    }

    /** Something of somebody else's lies under the name of a unit. */
    public synchronized void strangeUnit(String where, String owner) {
        units.put(where, new Unit(owner, "", false));
    }

    /** From now on no host has a directory for the files of logrotate. */
    public synchronized void withoutRotation() {
        rotates = false;
    }

    /** Something of somebody else's lies under the name of the cluster's file of logrotate. */
    public synchronized void strangeRotation(String host) {
        rotations.put(host, List.of("", "strange"));
    }

    /** The files of logrotate, by host. */
    public synchronized Map<String, String> rotations() {
        Map<String, String> shown = new TreeMap<>();
        rotations.forEach((host, file) -> shown.put(host, file.get(1)));
        return shown;
    }

    /** Directories whose data is archived. */
    public synchronized List<String> archived() {
        return List.copyOf(archived);
    }

    /** @param why no data can be archived from now on; empty: it can */
    public synchronized void withoutArchives(String why) {
        noArchive = why;
    }

    /**
     * From now on connections end so; those of which nothing was said are taken.
     *
     * @param way from which host, to which address and port, with blanks between
     * @param word as ways.sh has it
     */
    public synchronized void way(String way, String word) {
        ways.put(way, word);
    }

    private String became(String host, String way) {
        return ways.getOrDefault(host + " " + way, "open");
    }

    /** What was run as whom, each once: {@code script RUNAS}. */
    public synchronized List<String> runs() {
        return runs.stream().distinct().sorted().toList();
    }

    /** As whom scripts have run by sudo. */
    public synchronized Set<RunAs> bySudo() {
        Set<RunAs> all = EnumSet.noneOf(RunAs.class);
        runs.forEach(run -> all.add(RunAs.valueOf(run.substring(run.indexOf(' ') + 1))));
        all.remove(RunAs.LOGIN);
        return all;
    }

    /** A Monit that lives, in the directory by which it is known. */
    private record Agent(String owner, String content) {}

    /** What belongs to the whole machine, by the host's name. */
    public synchronized ScriptedMachine machine(String host) {
        return machines.computeIfAbsent(host, key -> new ScriptedMachine());
    }

    /** What filters on the host of that name. */
    public synchronized ScriptedWall wall(String host) {
        return walls.computeIfAbsent(host, key -> new ScriptedWall());
    }

    /** Instances that run answer whom their host lets in. */
    private Reply reach(HostAccess from, List<String> arguments) {
        StringBuilder text = new StringBuilder();
        for (String port : arguments.subList(1, arguments.size())) {
            instances.forEach((directory, instance) -> {
                boolean there = instance.running && instance.endpoint.equals(arguments.getFirst() + ":" + port);
                if (there && wall(directory.split("/", -1)[2]).admits(from.address())) {
                    text.append("reached=" + port + "\n");
                }
            });
        }
        return new Reply.Done(0, text + "reach.end=yes\n", "");
    }

    /** From now on no host has Monit. */
    public synchronized void withoutMonit() {
        monit = false;
    }

    /** The control files by which Monits run, by directory. */
    public synchronized Map<String, String> agents() {
        Map<String, String> files = new TreeMap<>();
        agents.forEach((directory, agent) -> files.put(directory, agent.content()));
        return files;
    }

    /** What the Monits that systemd runs have read, by host and path of the unit. */
    public synchronized Map<String, String> reporting() {
        return new TreeMap<>(reporting);
    }

    /** The Monit of a unit died, and systemd has given it up. */
    public synchronized void killReporting(String where) {
        reporting.remove(where);
    }

    /** Another cluster's Monit, as its mark says, is there. */
    public synchronized void strangeAgent(String directory, String owner) {
        agents.put(directory, new Agent(owner, ""));
    }

    /** Loses the connection at the n-th call from now, counted from 0, and at every later one. */
    public synchronized void cutAt(int call, Cut how) {
        calls = 0;
        heard.clear();
        cutAt = call;
        cut = how;
    }

    /** The hosts can be reached again; what was cut off is not heard any more, so its leases lapse. */
    public synchronized void mend() {
        reach();
        lapse();
    }

    /** The hosts can be reached again, and the silence is not over yet: who was cut off holds its leases still. */
    public synchronized void reach() {
        cutAt = Integer.MAX_VALUE;
    }

    /** No heartbeat comes any more of whoever holds a lease now. */
    public synchronized void lapse() {
        leases.values().forEach(lease -> lease.lapsed = true);
        leases.clear();
    }

    public synchronized void later(Duration by) {
        uptime += by.toMillis() / 10;
    }

    /** From now on every host has this Redis; what runs goes on as it was started. */
    public synchronized void upgrade(String release) {
        version = release;
    }

    /** From now on one host has this Redis. */
    public synchronized void upgrade(String host, String release) {
        releases.put(host, release);
    }

    /** The Redis that a host has. */
    public synchronized String has(String host) {
        return releases.getOrDefault(host, version);
    }

    /** All of these hosts have Valkey in place of Redis. */
    public synchronized void haveValkey() {
        valkey = true;
    }

    /** From now on it is harm to stop an instance while another one is down, or one that leads. */
    public synchronized void oneByOne() {
        oneByOne = true;
    }

    /** How often each was started that ever was, by directory. */
    public synchronized Map<String, Integer> begun() {
        Map<String, Integer> begun = new TreeMap<>();
        instances.forEach((directory, instance) -> begun.put(directory, instance.begun));
        begun.values().removeIf(times -> times == 0);
        return begun;
    }

    /** As which Redis each runs that runs, by directory. */
    public synchronized Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        instances.forEach((directory, instance) -> {
            if (instance.running) {
                versions.put(directory, instance.version);
            }
        });
        return versions;
    }

    /** The file of an instance, by its directory. */
    public synchronized String configuration(String directory) {
        return instance(directory).file;
    }

    /** Who holds the lease on the host, by operation; empty: nobody. */
    public synchronized List<String> holders() {
        return leases.values().stream()
                .map(lease -> lease.request.holder().operation())
                .toList();
    }

    /** What changed something, in order, each with the lease under which it came: {@code script lease}. */
    public synchronized List<String> changes() {
        return List.copyOf(changes);
    }

    /** Of allow-lists, in the order in which they were run. */
    public synchronized List<String> programs() {
        return List.copyOf(programs);
    }

    /** @param how what exec.sh writes, or, without {@code said=}, why the host does not run it */
    public synchronized void programsSay(String how) {
        programsSay = how;
    }

    /** From now on a verification finds this too; the last line of a kind stands. */
    public synchronized void verifyFinds(String host, String lines) {
        verifies.put(host, lines);
    }

    /** What canary.sh says there of the one data node. */
    public synchronized void canaryFinds(String host, String lines) {
        canaries.put(host, lines);
    }

    private String canary(HostAccess access, List<String> arguments) {
        StringBuilder text = new StringBuilder();
        for (int i = 5; i + 3 < arguments.size(); i += 4) {
            String prefix = "i." + arguments.get(i + 1) + ".canary=";
            text.append(arguments.get(i).equals("master") ? prefix + "wrote OK\n" : "");
            text.append(prefix + "read yes\n" + prefix + "gone yes\n");
        }
        return canaries.getOrDefault(access.host(), text.toString()) + "canary.end=yes\n";
    }

    /** Scripts that were fenced off. */
    public synchronized List<String> refused() {
        return List.copyOf(refused);
    }

    @Override
    public synchronized HostLease ask(HostAccess access, Request request) {
        int call = calls++;
        heard.add("a lease");
        ScriptedLease lease = new ScriptedLease(access.host() + "/" + request.base(), request);
        if (call > cutAt || (call == cutAt && cut == Cut.BEFORE)) {
            lease.lostBefore = access + ": the connection was lost while the lease was asked for";
            return lease;
        }
        lease.state();
        if (call == cutAt) {
            lease.lostBefore = access + ": the connection was lost while the lease was asked for";
        }
        return lease;
    }

    /** Held from the first look at which nobody else holds it. */
    private final class ScriptedLease implements HostLease {
        private final String place;
        private final Request request;
        private boolean lapsed;
        private String lostBefore = "";

        ScriptedLease(String place, Request request) {
            this.place = place;
            this.request = request;
        }

        @Override
        public LeaseState state() {
            synchronized (ScriptedHosts.this) {
                if (!lostBefore.isEmpty()) {
                    return new LeaseState.Lost(lostBefore);
                }
                if (lapsed || request.given().getAsBoolean()) {
                    leases.remove(place, this);
                    return new LeaseState.Lost("lapsed");
                }
                ScriptedLease holder = leases.computeIfAbsent(place, key -> this);
                return holder == this
                        ? new LeaseState.Held()
                        : busy(holder.request.holder().line());
            }
        }

        private static LeaseState busy(String holder) {
            return new LeaseState.Busy(Holder.shown(holder), holder);
        }

        @Override
        public LeaseState await(Duration most) {
            return state();
        }

        @Override
        public long uptimeAt(Instant wall) {
            return 100_000 + wall.toEpochMilli() / 10;
        }

        @Override
        public void close() {
            synchronized (ScriptedHosts.this) {
                // One that was cut off cannot be given back: it lapses.
                if (lostBefore.isEmpty() && calls <= cutAt) {
                    leases.remove(place, this);
                }
                lapsed = true;
            }
        }
    }

    public synchronized boolean wasCut() {
        return calls > cutAt;
    }

    /** What each call since the last {@link #cutAt} was about, whichever host it was to. */
    public synchronized List<String> heard() {
        return List.copyOf(heard);
    }

    /** What no interruption may lead to. */
    public synchronized List<String> harm() {
        return List.copyOf(harm);
    }

    public synchronized int starts() {
        return starts;
    }

    /** Running data nodes without {@code replicaof}, by directory. */
    public synchronized List<String> masters() {
        return instances.entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("redis-server"))
                .filter(entry ->
                        entry.getValue().running && !entry.getValue().file.contains("replicaof"))
                .map(Map.Entry::getKey)
                .toList();
    }

    public synchronized void kill(String directory) {
        instance(directory).running = false;
    }

    @Override
    public synchronized Reply run(HostAccess access, Script script) {
        // What is written after all is done decides nothing: VerifiedRunTest loses that.
        if (script.name().equals("canary")) {
            return fenced(access, script);
        }
        int call = calls++;
        heard.add(Cuts.about(script));
        Reply lost = new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost during " + script.name());
        if (call > cutAt || (call == cutAt && cut == Cut.BEFORE)) {
            return lost;
        }
        Reply reply = fenced(access, script);
        return call == cutAt ? lost : reply;
    }

    private Reply fenced(HostAccess access, Script script) {
        List<String> arguments = script.arguments();
        runs.add(script.name() + " " + script.by());
        if (script.name().equals("units")) {
            return new Reply.Done(0, units(access, arguments), "");
        }
        if (script.name().equals("ways")) {
            return new Reply.Done(0, SaidWays.said(arguments, way -> became(access.host(), way)), "");
        }
        if (Set.of("survey", "access", "verify", "canary", "absent", "filter", "reach")
                .contains(script.name())) {
            return effect(access, script, arguments);
        }
        if (!script.text().stripTrailing().endsWith("fenced \"$@\" </dev/null")) {
            harm.add("a script that proves no lease: " + script.shown());
        }
        boolean root = script.by() == RunAs.ROOT;
        if (root != ROOTS.contains(script.name()) && !script.name().equals("exec")) {
            harm.add("as the wrong user: " + script.shown());
        }
        // Root's home is another one: to it the directory of the spec is known by its absolute form alone.
        boolean absolute = arguments.getFirst().equals("/base/" + access.host());
        if (root && !arguments.getFirst().startsWith("/")) {
            harm.add("root cannot find the lease: " + script.shown());
        }
        ScriptedLease said = leases.get(access.host() + "/" + arguments.getFirst());
        ScriptedLease holder = said == null && absolute ? leases.get(access.host() + "/redfleet") : said;
        String id = arguments.get(1);
        long until = Long.parseLong(arguments.get(2));
        if (holder == null || !holder.request.id().equals(id) || (until > 0 && uptime > until)) {
            refused.add(script.name());
            return new Reply.Done(1, "", "fenced off, nothing was done: " + script.name());
        }
        changes.add(script.name() + " " + id);
        return effect(access, script, arguments.subList(3, arguments.size()));
    }

    @Override
    public synchronized Reply put(HostAccess access, RemoteFile file) {
        int call = calls++;
        heard.add("a file");
        Reply lost = new Reply.Failed(Trouble.DROPPED, access + ": the connection was lost during put");
        if (call > cutAt || (call == cutAt && cut == Cut.BEFORE)) {
            return lost;
        }
        if (!file.path().endsWith(".staged")) {
            harm.add("a file was written without a lease: " + file.path());
        }
        staged.put(file.path(), file.content());
        return call == cutAt ? lost : new Reply.Done(0, "", "");
    }

    @Override
    public String fingerprint(HostAccess access) {
        return "SHA256:scripted";
    }

    /** An init script is to a host what a unit is: a file, a guard, and whether it is started at boot. */
    private Reply effect(HostAccess access, Script script, List<String> said) {
        boolean verb = script.name().equals("init-script");
        List<String> arguments = verb ? said.subList(1, said.size()) : said;
        String name = switch (script.name()) {
            case "init-script" -> said.getFirst().equals("write") ? "unit" : "unit-gone";
            case "init-start" -> "unit-start";
            case "init-stop" -> "unit-stop";
            default -> script.name();
        };
        return switch (name) {
            case "new" -> {
                staged.put(arguments.get(1), script.content());
                yield settle(arguments.getFirst(), arguments.get(1));
            }
            case "unit" -> unit(access, arguments, script.content());
            case "unit-guard" -> {
                String before = guards.put(access.host() + ":" + arguments.getFirst(), script.content());
                yield done(script.content().equals(before) ? "unchanged" : "changed");
            }
            case "unit-gone" -> {
                if (reporting.containsKey(access.host() + ":" + arguments.getFirst())) {
                    harm.add("a unit was removed whose Monit runs: " + arguments.getFirst());
                }
                guards.remove(access.host() + ":" + guard(arguments.getFirst()));
                untold.remove(access.host() + ":" + arguments.getFirst());
                Unit before = units.remove(access.host() + ":" + arguments.getFirst());
                yield done(before == null ? "unchanged" : "changed");
            }
            case "rotate" -> rotate(access, arguments.get(1), script.content());
            case "unit-start" -> {
                if (!units.containsKey(access.host() + ":" + arguments.getFirst())) {
                    yield new Reply.Done(1, "", "there is no unit " + arguments.getFirst());
                }
                boolean guarded = guards.containsKey(access.host() + ":" + guard(arguments.getFirst()));
                if (arguments.get(1).endsWith("/redis-server") && !guarded) {
                    harm.add("started without its guard: " + arguments.get(1));
                }
                yield start(arguments.get(1));
            }
            case "unit-stop" -> stop(arguments.get(1));
            case "reset" -> reset(access.host(), arguments);
            case "switch" -> switchOver(arguments);
            case "retire" -> retire(instance(arguments.getFirst()), arguments.getFirst());
            case "tell" -> tell(arguments);
            case "survey" -> new Reply.Done(0, survey(access, arguments), "");
            case "verify" -> new Reply.Done(0, verify(access, arguments), "");
            case "canary" -> new Reply.Done(0, canary(access, arguments), "");
            case "access" -> new Reply.Done(0, entered(access.host(), arguments, script.content()), "");
            case "users" -> users(arguments, script.content());
            case "prepare" -> {
                Instance prepared = instance(arguments.get(1));
                prepared.owner = arguments.get(2);
                prepared.linked = linked(arguments.get(3));
                yield done("changed");
            }
            case "settle" -> settle(arguments.getFirst(), arguments.get(1));
            case "absent" -> {
                String path = arguments.getFirst();
                yield done(file(instance(directory(path)), path).isEmpty() ? "absent" : "present");
            }
            case "mark" -> {
                instance(arguments.getFirst()).noted = arguments.get(2) + " " + arguments.get(3);
                yield done("changed");
            }
            case "follow" -> follow(instance(arguments.getFirst()), arguments);
            case "aside" ->
                arguments.size() > 2 ? done("unchanged") : aside(instance(arguments.getFirst()), arguments.getFirst());
            case "configure" -> configure(instance(arguments.getFirst()), arguments);
            case "start" -> start(arguments.get(1));
            case "stop" -> stop(arguments.getFirst());
            case "agent" -> agent(arguments.getFirst(), arguments.get(1), arguments.get(2));
            case "agent-conf" -> conf(access, arguments.getFirst(), arguments.get(1), script.content());
            case "unit-agent" -> report(access, arguments);
            case "unit-unagent" ->
                done(reporting.remove(access.host() + ":" + arguments.getFirst()) == null ? "unchanged" : "changed");
            case "tune" -> machine(access.host()).tune(arguments);
            case "firewall" -> wall(access.host()).perform(arguments);
            case "filter" -> new Reply.Done(0, wall(access.host()).surveyed(), "");
            case "reach" -> reach(access, arguments);
            case "unagent" -> done(agents.remove(arguments.getFirst()) == null ? "unchanged" : "changed");
            case "exec" -> {
                programs.add(arguments.getFirst());
                yield programsSay.isEmpty()
                        ? done("said=done\nexit=0\nchanged")
                        : programsSay.startsWith("said=") ? done(programsSay) : new Reply.Done(1, "", programsSay);
            }
            case "archive" -> archive(arguments.getFirst(), arguments.get(2));
            case "erase" -> {
                if (arguments.get(2).equals("archived") && !archived.contains(arguments.getFirst())) {
                    harm.add("removed without its archive: " + arguments.getFirst());
                }
                yield done("changed");
            }
            case "await" -> await(arguments);
            case "appendonly" -> done("changed");
            case "password" -> password(arguments, script.content());
            case "handover" -> handover(arguments, script.content());
            default -> throw new IllegalStateException("no such script: " + name);
        };
    }

    /** One that comes later is a file; systemd is told of it by the last of those that come together. */
    private Reply unit(HostAccess access, List<String> arguments, String content) {
        String where = access.host() + ":" + arguments.getFirst();
        List<String> more = arguments.subList(3, arguments.size());
        Unit wanted = new Unit(arguments.get(1), content, arguments.get(2).equals("yes"));
        Unit before = units.get(where);
        if (before != null && !before.owner().equals(wanted.owner())) {
            harm.add("another's unit was taken over: " + arguments.getFirst());
        }
        boolean later = more.equals(List.of("later"));
        if (before == null || !before.content().equals(content)) {
            untold.add(where);
        }
        boolean marked = untold.contains(where);
        if (!later) {
            untold.remove(where);
        }
        units.put(where, later ? new Unit(wanted.owner(), content, before != null && before.boot()) : wanted);
        for (int i = 0; i + 1 < more.size(); i += 2) {
            boolean boot = more.get(i + 1).equals("yes");
            untold.remove(access.host() + ":" + more.get(i));
            units.computeIfPresent(
                    access.host() + ":" + more.get(i),
                    (path, written) -> new Unit(written.owner(), written.content(), boot));
        }
        return done(wanted.equals(before) && !marked ? "unchanged" : "changed");
    }

    private Reply archive(String directory, String shelf) {
        if (instance(directory).running) {
            harm.add("archived while it runs: " + directory);
        }
        if (!noArchive.isEmpty()) {
            return new Reply.Done(1, "", noArchive);
        }
        boolean before = !archived.add(directory);
        return done("archive=" + shelf + "/a.tar.gz\nbytes=7\nsha256=c0ffee\n" + (before ? "unchanged" : "changed"));
    }

    private Reply reset(String host, List<String> arguments) {
        List<String> gone = arguments.subList(8 + Integer.parseInt(arguments.get(7)), arguments.size());
        Instance sentinel = at(arguments.getFirst() + ":" + arguments.get(1))
                .orElseThrow(() -> new IllegalStateException("no Sentinel runs on " + host));
        if (sentinel.knows.stream().noneMatch(gone::contains)) {
            return done("unchanged");
        }
        instances.forEach((directory, instance) -> {
            if (instance.running && gone.contains(instance.endpoint)) {
                harm.add("to be forgotten while it runs: " + directory);
            }
        });
        sentinel.knows.clear();
        learn(sentinel);
        return done("changed");
    }

    /** The preferred one leads, or the first that Sentinel could choose; the rest follow it, as each Sentinel that runs says. */
    private Reply switchOver(List<String> arguments) {
        String preferred = arguments.get(5);
        String next = preferred.equals("any") ? arguments.get(10) : preferred + ":" + arguments.get(6);
        if (at(arguments.getFirst() + ":" + arguments.get(1)).isEmpty() || at(next).isEmpty()) {
            return new Reply.Done(1, "", "who was to lead or led does not run");
        }
        int colon = next.lastIndexOf(':');
        switchTo(next.substring(0, colon), next.substring(colon + 1));
        return done("master=" + next + " writes_held_ms=1000\nchanged");
    }

    /** The data node there leads from now on. */
    public synchronized void switchTo(String host, String port) {
        String follow = "replicaof " + host + " " + port + "\n";
        for (Instance instance : instances.values()) {
            if (instance.redis) {
                String rest = instance.file.replaceAll("(?m)^replicaof .*$", "").stripTrailing() + "\n";
                instance.file = instance.endpoint.equals(host + ":" + port) ? rest : rest + follow;
            } else if (instance.running) {
                instance.file = instance.file.replaceAll(
                        "(?m)^(sentinel monitor \\S+) \\S+ \\S+ ", "$1 " + host + " " + port + " ");
            }
        }
    }

    /** Of all that can be told to an instance only a Sentinel's quorum is kept. */
    private Reply tell(List<String> arguments) {
        int set = arguments.indexOf("SET");
        if (set > 0 && set + 3 < arguments.size() && arguments.get(set + 2).equals("quorum")) {
            at(arguments.getFirst() + ":" + arguments.get(1))
                    .ifPresent(sentinel -> sentinel.file = sentinel.file.replaceAll(
                            "(?m)^(sentinel monitor \\S+ \\S+ \\S+) \\d+$", "$1 " + arguments.get(set + 3)));
        }
        return done("changed");
    }

    /** Somebody has noted another revision beside an instance. */
    public synchronized void note(String directory, String noted) {
        instance(directory).noted = noted;
    }

    /**
     * Somebody has set a user of an instance.
     *
     * @param rules empty: there is none of that name any more
     */
    public synchronized void user(String directory, String name, String rules) {
        Instance instance = instance(directory);
        String others = instance.users.replaceAll("(?m)^user " + name + " .*\\R", "");
        instance.users = rules.isEmpty() ? others : others + "user " + name + " " + rules + "\n";
    }

    /** Whether the instances of a host, from now on, say nothing of who may enter them. */
    public synchronized void closed(String host, boolean mute) {
        if (mute) {
            closed.add(host);
        } else {
            closed.remove(host);
        }
    }

    /** What access.sh says of instances that run, but for the categories: rights are not compared. */
    private String entered(String host, List<String> arguments, String content) {
        StringBuilder text = new StringBuilder();
        for (int i = 3; i + 3 < arguments.size() && !closed.contains(host); i += 4) {
            String name = arguments.get(i + 1);
            Instance instance = instance("/base/" + host + "/" + arguments.get(1) + "/" + name);
            if (!instance.running || instance.users.isEmpty()) {
                continue;
            }
            String prefix = "i." + name + ".";
            for (String line : instance.users.lines().toList()) {
                String user = line.split(" ", 3)[1];
                String shown = Arrays.stream(line.split(" ", -1))
                        .map(word -> word.startsWith("#") ? shown(content, user, word.substring(1)) : word)
                        .collect(Collectors.joining(" "));
                text.append(prefix + "live=" + shown + "\n" + prefix + "file=" + shown + "\n");
            }
            for (String line : content.lines().toList()) {
                String[] words = line.split(" ", 3);
                if (words[0].equals("login")
                        && words[1].startsWith("master") == arguments.get(i).equals("redis")) {
                    boolean same =
                            instance.used.getOrDefault(words[1], words[2]).equals(words[2]);
                    text.append(prefix + "login=" + words[1] + " " + (same ? "same" : "other") + "\n");
                }
            }
            text.append(prefix + "logins=read\n");
        }
        return text + "access.end=yes\n";
    }

    private static String shown(String content, String user, String hash) {
        return content.lines().anyMatch(("hash " + user + " " + hash)::equals) ? "#same" : "#other";
    }

    private Reply users(List<String> arguments, String content) {
        Optional<Instance> found = at(arguments.getFirst() + ":" + arguments.get(1));
        if (found.isEmpty()) {
            return new Reply.Done(1, "", "ACL SETUSER answered: Connection refused");
        }
        for (String line : content.lines().toList()) {
            String[] words = line.split(" ", 3);
            if (words[0].equals("user")) {
                user(arguments.get(2), words[1], words[2]);
            } else if (words[0].equals("login")) {
                found.get().used.put(words[1], words[2]);
            }
        }
        return done("changed");
    }

    private Reply password(List<String> arguments, String content) {
        Reply reply = new Reply.Done(1, "", "no hash of a password came");
        for (String hash : content.lines().toList()) {
            reply = take(arguments, hash);
        }
        return reply;
    }

    private Reply take(List<String> arguments, String hash) {
        Optional<Instance> found = at(arguments.getFirst() + ":" + arguments.get(1));
        if (found.isEmpty()) {
            return new Reply.Done(1, "", "ACL GETUSER " + arguments.get(2) + " answered: Connection refused");
        }
        Instance asked = found.get();
        String user = arguments.get(2);
        Set<String> taken = taken(asked, user);
        boolean only = arguments.get(3).equals("only");
        for (Instance instance : instances.values()) {
            boolean lacks =
                    !taken(instance, user).isEmpty() && !taken(instance, user).contains(hash);
            if (only && instance.running && lacks) {
                harm.add("the old password of " + user + " was removed where not all take the new one: " + arguments);
            }
            String setting = USED.getOrDefault(user, "");
            boolean uses = !setting.isEmpty() && instance.redis == setting.equals("masterauth");
            String used = instance.used.getOrDefault(setting, "");
            if (only && instance.running && uses && !Secret.of(used).hash().equals(hash)) {
                harm.add("the old password of " + user + " was removed while somebody logs in by it: " + arguments);
            }
        }
        Set<String> after = new TreeSet<>(taken);
        if (only) {
            after.clear();
        }
        after.add(hash);
        asked.users = asked.users.replaceFirst(
                "(?m)^user " + user + " (on|off) (#[0-9a-f]{64} )*",
                "user " + user + " $1 #" + String.join(" #", after) + " ");
        return done(after.equals(taken) ? "unchanged" : "changed");
    }

    private Reply handover(List<String> arguments, String password) {
        Optional<Instance> found = at(arguments.getFirst() + ":" + arguments.get(1));
        if (found.isEmpty()) {
            return new Reply.Done(1, "", arguments.get(2) + " answered: Connection refused");
        }
        String before = found.get().used.put(arguments.get(2), password);
        return done(password.equals(before) ? "unchanged" : "changed");
    }

    private static Set<String> taken(Instance instance, String user) {
        return instance.users
                .lines()
                .filter(line -> line.startsWith("user " + user + " "))
                .flatMap(line -> Arrays.stream(line.split(" ", -1)))
                .filter(word -> word.startsWith("#"))
                .map(word -> word.substring(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The hashes of the passwords that each instance which runs and has that user takes for him, by its directory. */
    public synchronized Map<String, Set<String>> passwords(String user) {
        Map<String, Set<String>> passwords = new TreeMap<>();
        instances.forEach((directory, instance) -> {
            if (instance.running && !taken(instance, user).isEmpty()) {
                passwords.put(directory, taken(instance, user));
            }
        });
        return passwords;
    }

    private Optional<Instance> at(String endpoint) {
        return instances.values().stream()
                .filter(instance -> instance.running && instance.endpoint.equals(endpoint))
                .findFirst();
    }

    private Reply retire(Instance instance, String directory) {
        if (instance.running) {
            harm.add("given up while it runs: " + directory);
        }
        boolean before = instance.retired;
        instance.retired = true;
        return done(before ? "unchanged" : "changed");
    }

    /** Whatever runs now is found at once. */
    private void learn(Instance sentinel) {
        instances.values().stream()
                .filter(other -> other.running && other != sentinel && !other.endpoint.isEmpty())
                .filter(other -> !other.redis || other.file.contains("replicaof"))
                .forEach(other -> sentinel.knows.add(other.endpoint));
    }

    /** How many it knows, dead ones too. */
    private int known(Instance sentinel, boolean redis) {
        return (int) instances.values().stream()
                .filter(other -> other.redis == redis && sentinel.knows.contains(other.endpoint))
                .count();
    }

    /** Whether no instance that runs lists it any more. */
    public synchronized boolean forgotten(String endpoint) {
        return instances.values().stream().noneMatch(instance -> instance.running && instance.knows.contains(endpoint));
    }

    /** The instances that run, by directory. */
    public synchronized List<String> running() {
        return instances.entrySet().stream()
                .filter(entry -> entry.getValue().running)
                .map(Map.Entry::getKey)
                .toList();
    }

    private Reply rotate(HostAccess access, String owner, String content) {
        List<String> before = rotations.getOrDefault(access.host(), List.of(owner, ""));
        if (!before.getFirst().equals(owner)) {
            harm.add("another's file of logrotate was taken over on " + access.host());
        }
        if (content.isEmpty()) {
            rotations.remove(access.host());
        } else {
            rotations.put(access.host(), List.of(owner, content));
        }
        return done(before.get(1).equals(content) ? "unchanged" : "changed");
    }

    private Reply stop(String directory) {
        Instance stopped = instance(directory);
        boolean lived = stopped.running;
        if (oneByOne && lived) {
            instances.forEach((other, instance) -> {
                if (instance.begun > 0 && !instance.running) {
                    harm.add("stopped while " + other + " is down: " + directory);
                }
            });
            if (masters().contains(directory)) {
                harm.add("stopped while it leads: " + directory);
            }
        }
        stopped.running = false;
        return done(lived ? "pid=" + stopped.pid + "\nchanged" : "pid=0\nunchanged");
    }

    /** A host whose systemd is its init where somebody asks for units, and on which everything is allowed. */
    private String units(HostAccess access, List<String> arguments) {
        boolean scripts = arguments.getFirst().equals("/etc/init.d");
        StringBuilder text = new StringBuilder((scripts ? "" : "systemd.init=yes\n") + "systemd.account=yes\n");
        for (String name : arguments.subList(2, arguments.size())) {
            String file = arguments.getFirst() + "/redfleet-" + arguments.get(1) + "-" + name;
            if (!scripts) {
                file += ".service";
            }
            Unit unit = units.get(access.host() + ":" + file);
            if (unit != null) {
                String key = "i." + name + ".unit";
                text.append(key + "=yes\n" + key + ".owner=" + unit.owner() + "\n");
                if (!untold.contains(access.host() + ":" + file)) {
                    text.append(key + ".hash=" + Secret.of(unit.content()).hash() + "\n");
                }
                text.append(key + ".enabled=" + (unit.boot() ? "yes" : "no") + "\n");
            }
            String carried = guards.get(access.host() + ":" + guard(file));
            if (carried != null) {
                String guard = carried.substring(carried.indexOf('\n') + 1);
                text.append("i." + name + ".unit.guard=" + Secret.of(guard).hash() + "\n");
                guard.lines()
                        .filter(line -> line.startsWith("# redfleet-owner "))
                        .forEach(line -> text.append("i." + name + ".unit.guard.owner=" + line.substring(17) + "\n"));
                text.append(carried.startsWith("\n") ? "" : "i." + name + ".unit.auth=redis 400 regular file\n");
            }
        }
        text.append(monit ? "systemd.monit=/usr/bin/monit\n" : "systemd.monit=\n");
        String agent = arguments.getFirst() + "/redfleet-" + arguments.get(1) + ".monit.service";
        Unit unit = units.get(access.host() + ":" + agent);
        if (unit != null) {
            text.append("systemd.agent=yes\nsystemd.agent.owner=" + unit.owner() + "\n");
            if (!untold.contains(access.host() + ":" + agent)) {
                text.append("systemd.agent.hash=" + Secret.of(unit.content()).hash() + "\n");
            }
            text.append("systemd.agent.enabled=" + (unit.boot() ? "yes" : "no") + "\n");
            boolean active = reporting.containsKey(access.host() + ":" + agent);
            text.append("systemd.agent.active=" + (active ? "yes" : "no") + "\n");
        }
        if (rotates) {
            text.append("systemd.rotates=yes\n");
        }
        List<String> rotation = rotations.get(access.host());
        if (rotation != null) {
            text.append("systemd.rotation=yes\nsystemd.rotation.owner=" + rotation.getFirst() + "\n");
            text.append("systemd.rotation.hash=" + Secret.of(rotation.get(1)).hash() + "\n");
        }
        return text + (wall(access.host()).isThere() ? "systemd.firewall=yes\n" : "") + "systemd.end=yes\n";
    }

    private static String guard(String unit) {
        return unit.startsWith("/etc/init.d/")
                ? unit.replace("/etc/init.d/", "/etc/redfleet/guards/") + ".guard"
                : unit.replaceFirst("\\.service$", ".guard");
    }

    private Reply agent(String directory, String from, String owner) {
        String content = staged.remove(from);
        if (content == null) {
            return new Reply.Done(1, "", from + " is not there");
        }
        Agent before = agents.put(directory, new Agent(owner, content));
        if (before != null && !before.owner().equals(owner)) {
            harm.add("another's Monit was taken over: " + directory);
        }
        return done("pid=7\nchanged");
    }

    /** Whoever runs by it has not read it yet. */
    private Reply conf(HostAccess access, String directory, String owner, String content) {
        Agent wanted = new Agent(owner, content);
        Agent before = agents.put(directory, wanted);
        if (before != null && !before.owner().equals(owner)) {
            harm.add("another's Monit was taken over: " + directory);
        }
        if (wanted.equals(before)) {
            return done("unchanged");
        }
        reporting.computeIfPresent(
                access.host() + ":" + agentUnit(directory),
                (where, taken) -> "- " + taken.substring(taken.indexOf(' ') + 1));
        return done("changed");
    }

    private Reply report(HostAccess access, List<String> arguments) {
        if (!units.containsKey(access.host() + ":" + arguments.getFirst())) {
            return new Reply.Done(1, "", "there is no unit " + arguments.getFirst());
        }
        if (!agents.containsKey(arguments.get(1))) {
            harm.add("a Monit was started without a control file: " + arguments.get(1));
        }
        String taken = arguments.get(2);
        String before = reporting.put(access.host() + ":" + arguments.getFirst(), taken);
        return done(taken.equals(before) ? "unchanged" : "changed");
    }

    /** By the directory of a Monit, {@code BASE/CLUSTER/.monit}. */
    private static String agentUnit(String directory) {
        String cluster = directory(directory);
        return "/etc/systemd/system/redfleet-" + cluster.substring(cluster.lastIndexOf('/') + 1) + ".monit.service";
    }

    private Reply settle(String path, String from) {
        Instance instance = instance(directory(path));
        if (!file(instance, path).isEmpty()) {
            return done("present");
        }
        String content = staged.remove(from);
        if (content == null) {
            return new Reply.Done(1, "", from + " is not there");
        }
        if (isUsers(path)) {
            instance.users = content;
        } else {
            instance.file = content;
        }
        return done("changed");
    }

    private Reply aside(Instance instance, String directory) {
        if (instance.running) {
            return new Reply.Done(1, "", "it runs");
        }
        if (!instance.file.contains("replicaof ")) {
            harm.add("nobody sends again what was put aside: " + directory);
        }
        boolean stores = !instance.stored.isEmpty();
        instance.stored = "";
        return done(stores ? "changed" : "unchanged");
    }

    private Reply configure(Instance instance, List<String> arguments) {
        if (instance.running) {
            return new Reply.Done(1, "", "it runs");
        }
        String before = instance.file;
        for (int i = 1; i + 1 < arguments.size(); i += 2) {
            String name = arguments.get(i) + " ";
            String kept =
                    instance.file.lines().filter(line -> !line.startsWith(name)).reduce("", (a, b) -> a + b + "\n");
            instance.file = kept + arguments.get(i + 1) + "\n";
        }
        return done(instance.file.equals(before) ? "unchanged" : "changed");
    }

    private Reply follow(Instance instance, List<String> arguments) {
        if (instance.running) {
            return new Reply.Done(1, "", "it runs");
        }
        instance.file = instance.file
                .lines()
                .filter(line -> !line.startsWith("replicaof"))
                .reduce("", (a, b) -> a + b + "\n");
        if (!arguments.get(1).equals("none")) {
            instance.file += "replicaof " + arguments.get(1) + " " + arguments.get(2) + "\n";
        }
        return done("changed");
    }

    private Reply start(String directory) {
        Instance instance = instance(directory);
        if (instance.running) {
            return done("pid=" + instance.pid + "\nunchanged");
        }
        if (instance.file.isEmpty()) {
            harm.add("started without a file: " + directory);
        }
        if (instance.users.isEmpty()) {
            harm.add("started open to everybody: " + directory);
        }
        instance.running = true;
        instance.retired = false;
        instance.pid = 1000 + starts++;
        instance.begun++;
        instance.begunAt = uptime;
        instance.version = instance.linked.isEmpty() ? has(directory.split("/", -1)[2]) : instance.linked;
        if (directory.endsWith("/redis-server")) {
            if (Release.older(instance.version, instance.stored)) {
                harm.add("started on what a later Redis has stored: " + directory);
            }
            instance.stored = instance.version;
        }
        if (masters().size() > 1) {
            harm.add("two masters: " + masters());
        }
        return done("pid=" + instance.pid + "\nchanged");
    }

    /** The version that is in the path of a program; empty: none is. */
    private static String linked(String binary) {
        Matcher versions = VERSIONS.matcher(binary);
        return versions.matches() ? versions.group(1) : "";
    }

    private String survey(HostAccess access, List<String> arguments) {
        String binary = valkey ? "valkey-server\nengine=valkey" : "redis-server";
        StringBuilder text = new StringBuilder("base=/base/" + access.host() + "\nbinary=/usr/bin/" + binary
                + "\nversion=" + has(access.host()) + "\ncli=/usr/bin/redis-cli\nfree=100000000000\nboot=b\nnow=0\n");
        text.append("mount=/\nmonit=").append(monit ? "/usr/bin/monit\n" : "\n");
        Agent agent = agents.get("/base/" + access.host() + "/" + arguments.get(1) + "/.monit");
        if (agent != null) {
            String hash = Secret.of(agent.content()).hash();
            String directory = "/base/" + access.host() + "/" + arguments.get(1) + "/.monit";
            String taken = reporting.getOrDefault(access.host() + ":" + agentUnit(directory), hash);
            text.append("agent.owner=" + agent.owner() + "\nagent.file=" + hash + "\nagent.taken=" + taken
                    + "\nagent.pid=7\n");
        }
        int end = arguments.indexOf("--");
        text.append(machine(access.host()).surveyed(arguments.subList(end + 2, arguments.size())));
        for (int i = arguments.get(3).equals("valkey") ? 4 : 3; i + 3 < end; i += 4) {
            if (arguments.get(i).equals("own")) {
                // Nobody has built anything on these hosts.
                continue;
            }
            boolean redis = arguments.get(i).equals("redis");
            String name = arguments.get(i + 1);
            Instance instance = instance("/base/" + access.host() + "/" + arguments.get(1) + "/" + name);
            instance.redis = redis;
            instance.endpoint = arguments.get(i + 2) + ":" + arguments.get(i + 3);
            Map<String, String> facts = new TreeMap<>();
            facts.put("owner", instance.owner);
            facts.put("retired", instance.retired ? "yes" : "no");
            facts.put("revision", instance.noted);
            facts.put("conf", instance.file.isEmpty() ? "no" : "yes");
            facts.put("joined", !redis && instance.pid != 0 ? "yes" : "no");
            facts.put("pid", instance.running ? "" + instance.pid : "0");
            facts.put("data", instance.running || instance.pid != 0 ? "yes" : "no");
            if (instance.running) {
                facts.put("listening", "yes");
                facts.put("ping", "PONG");
            }
            facts.forEach((key, value) -> text.append("i." + name + "." + key + "=" + value + "\n"));
            if (instance.running) {
                String says = valkey ? "7.2.4\ni." + name + ".info=valkey_version:" : "";
                text.append("i." + name + ".info=redis_version:" + says + instance.version + "\n");
                text.append("i." + name + ".info=uptime_in_seconds:" + (uptime - instance.begunAt) / 100 + "\n");
            }
            if (instance.running && redis) {
                redis(text, "i." + name + ".", instance);
            } else if (instance.running) {
                learn(instance);
                sentinel(text, "i." + name + ".", instance);
                if (arguments.get(i).equals("sentinel-whom")) {
                    instance.knows.forEach(endpoint -> text.append("i." + name + ".knows=" + endpoint + "\n"));
                }
            }
        }
        return text + "end=yes\n";
    }

    /** Of instances that are as they should be; whom a Sentinel knows is not said. */
    private String verify(HostAccess access, List<String> arguments) {
        StringBuilder text = new StringBuilder();
        for (int i = 4; i + 3 < arguments.size(); i += 4) {
            String prefix = "i." + arguments.get(i + 1) + ".";
            Instance instance =
                    instance("/base/" + access.host() + "/" + arguments.get(1) + "/" + arguments.get(i + 1));
            String conf = arguments.get(i).equals("redis") ? "redis.conf" : "sentinel.conf";
            for (String part : List.of(".", "data", "log")) {
                text.append(prefix + "mode=" + part + " 700 redis\n");
            }
            text.append(prefix + "mode=" + conf + " 600 redis\n" + prefix + "mode=users.acl 600 redis\n");
            text.append(prefix + "pid=" + (instance.running ? instance.pid : 0) + "\n");
            if (!instance.running) {
                continue;
            }
            text.append(prefix + "files=65535 65535\n" + prefix + "log=whole\n");
            instance.users
                    .lines()
                    .map(line -> line.split(" ", 4))
                    .forEach(words -> text.append(prefix + "acl=" + words[1] + " " + words[2] + "\n"));
            instance.file
                    .lines()
                    .filter(line -> line.startsWith("bind ") || line.startsWith("protected-mode "))
                    .forEach(line -> text.append(prefix + "conf=" + line + "\n"));
        }
        return text + verifies.getOrDefault(access.host(), "") + "verify.end=yes\n";
    }

    private void redis(StringBuilder text, String prefix, Instance instance) {
        boolean replica = instance.file.contains("replicaof");
        text.append(prefix + "info=role:" + (replica ? "slave" : "master") + "\n");
        text.append(prefix + "info=master_link_status:" + (outrun(instance) ? "down" : "up") + "\n");
        instance.file.lines().filter(line -> line.startsWith("replicaof ")).forEach(line -> {
            String[] words = line.split(" ", -1);
            text.append(prefix + "info=master_host:" + words[1] + "\n");
            text.append(prefix + "info=master_port:" + words[2] + "\n");
        });
        text.append(prefix + "info=slave_priority:100\n");
        instance.file.lines().filter(line -> line.contains(" ")).forEach(line -> {
            int space = line.indexOf(' ');
            text.append(prefix + "config=" + line.substring(0, space) + "\n");
            text.append(prefix + "config=" + line.substring(space + 1) + "\n");
        });
    }

    /** Whether it follows one that runs a later Redis: it loads no snapshot of that one, and is never in sync. */
    private boolean outrun(Instance instance) {
        return instance.file
                .lines()
                .filter(line -> line.startsWith("replicaof "))
                .flatMap(line -> at(line.substring(10).replace(' ', ':')).stream())
                .anyMatch(master -> Release.older(instance.version, master.version));
    }

    /** Who is never in sync is waited for in vain. */
    private Reply await(List<String> arguments) {
        String kind = arguments.getFirst();
        boolean vain = List.of("linked", "level", "idle").contains(kind)
                && at(arguments.get(1) + ":" + arguments.get(2))
                        .filter(this::outrun)
                        .isPresent();
        return vain ? new Reply.Done(1, "", "not " + kind + ": master_link_status:down") : done("changed");
    }

    /** A Sentinel that has found all others at once. */
    private void sentinel(StringBuilder text, String prefix, Instance instance) {
        for (String line : instance.file.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (line.startsWith("sentinel monitor")) {
                pair(text, prefix, "ip", words[3]);
                pair(text, prefix, "port", words[4]);
                pair(text, prefix, "quorum", words[5]);
            } else if (line.startsWith("sentinel") && words.length == 4) {
                pair(text, prefix, words[1], words[3]);
            }
        }
        // A trio that is being made counts as found, so that its first round is its last.
        pair(text, prefix, "num-other-sentinels", "" + Math.max(2, known(instance, false)));
        pair(text, prefix, "num-slaves", "" + Math.max(2, known(instance, true)));
        text.append(prefix + "quorum=OK 3 usable Sentinels\n");
    }

    private static void pair(StringBuilder text, String prefix, String name, String value) {
        text.append(prefix + "master=" + name + "\n" + prefix + "master=" + value + "\n");
    }

    private static String file(Instance instance, String path) {
        return isUsers(path) ? instance.users : instance.file;
    }

    private static boolean isUsers(String path) {
        return path.endsWith("/users.acl");
    }

    private Instance instance(String directory) {
        return instances.computeIfAbsent(directory, key -> new Instance());
    }

    private static String directory(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static Reply done(String out) {
        return new Reply.Done(0, out + "\n", "");
    }
}
