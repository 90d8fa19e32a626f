package io.redfleet.provisioner.edge;

import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * An apply that is cut at one place. Its script halts there, on the host, for as long as the file {@link #ARMED} is, and says by
 * {@link #REACHED} that it has come there; without the directory of both it runs as ever.
 *
 * @param host by number
 */
record Cut(CutPoint point, int host, Where where, How how) {
    /** Every user of the host may write there. */
    static final String DIRECTORY = "/run/cut";

    static final String ARMED = DIRECTORY + "/armed";
    static final String REACHED = DIRECTORY + "/reached";

    /** Scripts are killed by nobody: each goes on after a minute, whatever has become of the test. */
    private static final String HALT = """
            cut_halt() {
              command mkdir %s 2>/dev/null || return 0
              cut_left=600
              while [ -e %s ] && [ "$cut_left" -gt 0 ]; do
                command sleep 0.1
                cut_left=$((cut_left - 1))
              done
            }
            """.formatted(REACHED, ARMED);

    /** What every script ends with that changes something. */
    private static final String LAST = "fenced \"$@\" </dev/null";

    /** Of the script. */
    enum Where {
        /** It has come whole, and has not looked at its lease. */
        START,
        MIDDLE,
        /** It has done all, and has given back its lock; its answer has not gone out. */
        END
    }

    enum How {
        /** The host's sshd ends every session of ours. */
        DROPPED,
        /** No process of the host moves until the provisioner has given up. */
        FROZEN,
        /** The provisioner's process is killed. */
        KILLED
    }

    /**
     * The lives of a new cluster, each cut twice: before anything is started, and once something is. Each step is cut at least
     * once, and each way of cutting hits each part of a script.
     */
    static List<List<Cut>> lives(long seed) {
        Random random = new Random(seed);
        List<CutPoint> before = shuffled(CutPoint.BEFORE, random);
        List<CutPoint> starts = shuffled(CutPoint.STARTS, random);
        List<Where> wheres = shuffled(Arrays.asList(Where.values()), random);
        List<List<Cut>> lives = new ArrayList<>();
        for (int life = 0; life < before.size(); life++) {
            lives.add(List.of(
                    cut(before.get(life), 2 * life, wheres),
                    cut(starts.get(life % starts.size()), 2 * life + 1, wheres)));
        }
        return lives;
    }

    private static <T> List<T> shuffled(List<T> all, Random random) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        return shuffled;
    }

    /** After nine of them every pair has been: what comes then takes no freezing, which is slow. */
    private static Cut cut(CutPoint point, int number, List<Where> wheres) {
        How[] hows = How.values();
        How how = number < 9 ? hows[number / 3] : number % 4 < 2 ? How.DROPPED : How.KILLED;
        return new Cut(point, point.host(), wheres.get(number % 3), how);
    }

    String hostName() {
        return "r" + host;
    }

    /** The script with the halt in it; as it is, if it is another one. */
    Script halting(String on, Script script) {
        if (!on.equals(hostName()) || !point.isDoneBy(script)) {
            return script;
        }
        String body = Scripts.body(script).stripTrailing();
        if (!body.endsWith(LAST)) {
            throw new IllegalStateException(script.name() + " does not end with " + LAST);
        }
        String functions = body.substring(0, body.length() - LAST.length());
        // Each end is one command: it is there as a whole before any of it is done, and needs no line any more.
        String text = switch (where) {
            case START -> functions + "{ cut_halt; " + LAST + "; }";
            case MIDDLE -> instead() + body;
            case END -> functions + "{ ( " + LAST + " ); cut_status=$?; cut_halt; exit \"$cut_status\"; }";
        };
        return new Script(
                script.name(),
                Scripts.common() + HALT + text + "\n",
                script.arguments(),
                script.deadline(),
                script.login(),
                script.by(),
                script.content());
    }

    /** A function in place of the command, which halts before it has it do that. */
    private String instead() {
        return """
                %1$s() {
                  case "$*" in *'%2$s'*) cut_halt ;; esac
                  command %1$s "$@"
                }
                """.formatted(point.command(), point.words());
    }

    @Override
    public String toString() {
        return how + " at the " + where + " of " + point + " on " + hostName();
    }
}
