package io.redfleet.provisioner.edge.ssh;

import io.redfleet.provisioner.survey.HostAccess;
import io.redfleet.provisioner.survey.Reply;
import io.redfleet.provisioner.survey.RunAs;
import io.redfleet.provisioner.survey.Script;
import io.redfleet.provisioner.survey.Scripts;
import io.redfleet.provisioner.survey.Trouble;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Several scripts as one: the common part once, then each in a subshell of its own with its words, its login and its content, as
 * long as the one before has ended with status 0. All of it comes on standard input, so neither the words nor what is secret are an
 * argument of any process.
 *
 * <p>Behind what each has said stands a line with a token that is made for this one time, with its status, and the same on
 * standard error: what a host says cannot be taken for it.
 *
 * @param script what is sent; it has the time of all of them
 */
record Composite(Script script, List<Script> parts, String token) {
    private static final SecureRandom CHANCE = new SecureRandom();
    private static final int TOKEN_BYTES = 16;

    /** @throws IllegalArgumentException they are not of one user, or one does not begin with the common part */
    static Composite of(List<Script> parts) {
        byte[] token = new byte[TOKEN_BYTES];
        CHANCE.nextBytes(token);
        return of(parts, HexFormat.of().formatHex(token));
    }

    static Composite of(List<Script> parts, String token) {
        RunAs by = parts.getFirst().by();
        StringBuilder text = new StringBuilder(Scripts.common());
        // The status of a part is that of the whole once one has failed.
        text.append("part_ended() {\n  part_status=$1\n  printf '\\n%s %s\\n' " + token + " \"$part_status\"\n");
        text.append("  printf '\\n%s\\n' " + token + " >&2\n");
        text.append("  [ \"$part_status\" -eq 0 ] || exit \"$part_status\"\n}\n");
        for (Script part : parts) {
            if (part.by() != by) {
                throw new IllegalArgumentException(part.name() + " is run by " + part.by() + ", not by " + by);
            }
            text.append("(\n" + Execution.before(part));
            text.append("set -- " + ShellWord.command(part.arguments()) + "\n");
            text.append(Scripts.body(part).stripTrailing() + "\n)\npart_ended $?\n");
        }
        String name = parts.stream().map(Script::name).distinct().collect(Collectors.joining("+"));
        Duration deadline = parts.stream().map(Script::deadline).reduce(Duration.ZERO, Duration::plus);
        return new Composite(new Script(name, text.toString(), List.of(), deadline).by(by), List.copyOf(parts), token);
    }

    /** What stands in standard output behind what each part has said, before its status. */
    String mark() {
        return "\n" + token + " ";
    }

    /**
     * What became of each part, as {@link io.redfleet.provisioner.survey.Hosts#runAll} has it.
     *
     * @param whole of what was sent
     * @param out what has come of its standard output, whether or not it has ended
     */
    List<Reply> replies(HostAccess access, Reply whole, String out, String err) {
        List<Reply> replies = new ArrayList<>();
        Matcher ends = Pattern.compile(mark() + "(\\d{1,3})\\n").matcher(out);
        String mark = "\n" + token + "\n";
        int said = 0;
        int complained = 0;
        while (replies.size() < parts.size()) {
            int next = err.indexOf(mark, complained);
            String complaint = err.substring(complained, next < 0 ? err.length() : next);
            complained = next < 0 ? err.length() : next + mark.length();
            if (!ends.find()) {
                int left = parts.size() - replies.size();
                replies.addAll(
                        switch (whole) {
                            case Reply.Failed failed -> unheard(failed, left);
                            case Reply.Done done -> cut(access, done.exit(), out.substring(said), complaint, left);
                        });
                break;
            }
            int status = Integer.parseInt(ends.group(1));
            replies.add(new Reply.Done(status, out.substring(said, ends.start()), complaint));
            said = ends.end();
            if (status != 0) {
                break;
            }
        }
        return replies;
    }

    /** The shell ended in the middle, or was never there: sudo has refused it. Or there is more of an answer than we take. */
    private List<Reply> cut(HostAccess access, int exit, String out, String err, int left) {
        if (exit != 0) {
            return List.of(new Reply.Done(exit, out, err));
        }
        String reason = access + ": the answer was cut short during " + script.shown();
        return unheard(new Reply.Failed(Trouble.DROPPED, reason), left);
    }

    /** Of what may have been sent nobody knows how far it came; where nothing was, that is the answer of the first. */
    private static List<Reply> unheard(Reply.Failed failed, int parts) {
        boolean sent = failed.trouble() == Trouble.DROPPED || failed.trouble() == Trouble.TIMED_OUT;
        return Collections.nCopies(sent ? parts : 1, failed);
    }

    /** Without what is in the parts. */
    @Override
    public String toString() {
        return script.toString();
    }
}
