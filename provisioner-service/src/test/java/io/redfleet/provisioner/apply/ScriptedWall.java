package io.redfleet.provisioner.apply;

import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.tuning.HostFiles;
import java.util.List;

/** What filters on one host, as a state: firewall.sh's deeds without nft. Guarded by the hosts that it is one of. */
public final class ScriptedWall {
    private static final String RULES = "/etc/redfleet/firewall-orders.nft";

    private List<String> rules = List.of();
    private List<String> unit = List.of();
    /** What the kernel has; none: it has no table. */
    private List<String> loaded = List.of();

    private List<String> waitingRules = List.of();
    private List<String> waitingUnit = List.of();
    private String token = "";
    private boolean nft = true;
    private boolean deaf;
    private boolean mute;
    private boolean halting;

    /** The rules that the kernel has. */
    public List<String> loaded() {
        return loaded;
    }

    /** The rules that the next boot loads. */
    public List<String> kept() {
        return rules;
    }

    public boolean waits() {
        return !token.isEmpty();
    }

    /** The time of what waits is over. */
    public void elapse() {
        if (waits()) {
            loaded = rules;
            token = "";
        }
    }

    /** Somebody has thrown all tables away. */
    public void flush() {
        loaded = List.of();
    }

    /** Somebody has changed the table by hand. */
    public void meddle(String... lines) {
        loaded = List.of(lines);
    }

    /** A file that bears another's mark, or none. */
    public void strange(String... lines) {
        rules = List.of(lines);
    }

    public void withoutNft() {
        nft = false;
    }

    /** Rules that are loaded shut everybody out, whatever they say. */
    public void deaf() {
        deaf = true;
    }

    /** No word that something is to be kept comes through. */
    public void mute() {
        mute = true;
    }

    /** A word that something is to be kept ends after the files are written. */
    public void halting() {
        halting = true;
    }

    boolean admits(String address) {
        return loaded.isEmpty()
                || (!deaf && loaded.stream().anyMatch(line -> line.strip().equals("ip saddr " + address + " accept")));
    }

    boolean isThere() {
        return !rules.isEmpty() || waits();
    }

    String surveyed() {
        StringBuilder text = new StringBuilder();
        if (!rules.isEmpty()) {
            String first = rules.getFirst();
            String owner = first.startsWith(HostFiles.MARK) ? first.substring(HostFiles.MARK.length()) : "?";
            text.append("firewall.owner=" + RULES + " " + owner + "\nfirewall.rules=" + HostFiles.hash(rules) + "\n");
            text.append("firewall.noted=" + HostFiles.hash(rules) + "\n");
        }
        if (!unit.isEmpty()) {
            text.append("firewall.unit=" + HostFiles.hash(unit) + "\nfirewall.enabled=yes\nfirewall.active=yes\n");
        }
        text.append(waits() ? "firewall.waiting=yes\n" : "");
        text.append(nft ? "firewall.nft=yes\n" : "");
        text.append(loaded.isEmpty() ? "" : "firewall.listed=" + HostFiles.hash(loaded) + "\n");
        return text + "firewall.end=yes\n";
    }

    /** ROOT UID CLUSTER VERB ... */
    Reply perform(List<String> arguments) {
        List<String> words = arguments.subList(4, arguments.size());
        return switch (arguments.get(3)) {
            case "shut" -> shut(words);
            case "keep" -> keep(words.getFirst());
            case "lapse" -> {
                boolean waited = waits();
                elapse();
                yield done(waited ? "changed" : "unchanged");
            }
            case "undo" -> {
                boolean waited = token.equals(words.getFirst());
                elapse();
                yield done(waited ? "changed" : "unchanged");
            }
            default -> {
                boolean there = isThere() || !loaded.isEmpty();
                rules = List.of();
                unit = List.of();
                loaded = List.of();
                token = "";
                yield done(there ? "changed" : "unchanged");
            }
        };
    }

    private Reply shut(List<String> words) {
        int end = words.indexOf("--");
        List<String> wanted = words.subList(2, end);
        List<String> wantedUnit = words.subList(end + 1, words.size());
        if (!waits() && rules.equals(wanted) && unit.equals(wantedUnit) && loaded.equals(wanted)) {
            return done("unchanged");
        }
        token = words.getFirst();
        waitingRules = List.copyOf(wanted);
        waitingUnit = List.copyOf(wantedUnit);
        loaded = waitingRules;
        return done("waits for " + words.get(1) + " s\nchanged");
    }

    private Reply keep(String by) {
        if (mute) {
            return new Reply.Done(1, "", "no way in");
        }
        if (!token.equals(by)) {
            return new Reply.Done(1, "", "the table waits no more");
        }
        rules = waitingRules;
        unit = waitingUnit;
        if (halting) {
            String told = "systemctl daemon-reload: no answer within 60 s";
            return new Reply.Done(1, "", told + "\nits rules are written and the table stays: apply again\n");
        }
        token = "";
        return done("changed");
    }

    private static Reply done(String out) {
        return new Reply.Done(0, out + "\n", "");
    }
}
