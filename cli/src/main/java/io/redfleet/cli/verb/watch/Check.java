package io.redfleet.cli.verb.watch;

import io.redfleet.cli.gateway.GivenFile;
import io.redfleet.cli.verb.Exit;
import io.redfleet.cli.verb.World;
import io.redfleet.monitrc.Monitrc;
import io.redfleet.monitrc.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code monit -t} does, for what Redfleet does of Monit's language. Asks no gateway. */
@Command(
        name = "check",
        description = "Whether a Monit control file can be used as watch.rules, as `monit -t` says it.",
        footer = {
            "",
            "Nothing is passed over in silence: what Redfleet does not do is named with its place and what to use instead.",
            "Notes, as of a program that no spec may name, leave a file as it is: it can be read.",
            "",
            "Examples:",
            "  redfleet check /etc/monit/conf.d/redis.conf",
            "  redfleet check redis.conf redis-sentinel.conf    each by itself"
        })
public final class Check implements Callable<Integer> {
    private final World world;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "A control file; - for standard input.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean unusedHelp; // picocli acts on it

    public Check(World world) {
        this.world = world;
    }

    @Override
    public Integer call() {
        boolean ok = true;
        for (String file : files) {
            ok &= read(file);
        }
        if (ok) {
            world.out().println("Control file syntax OK");
        }
        return ok ? Exit.DONE : Exit.FAILED;
    }

    private boolean read(String file) {
        return switch (GivenFile.read(file, world.in(), 4 * Monitrc.CHARS_MAX)) {
            case GivenFile.Read.Found found -> read(file, Monitrc.read(found.text()));
            case GivenFile.Read.Refused refused -> refused(file, refused.why());
        };
    }

    private boolean read(String file, Reading reading) {
        reading.remarks().forEach(remark -> world.err().println(file + ":" + remark));
        reading.faults().forEach(fault -> world.err().println(file + ":" + fault));
        return reading.ok();
    }

    private boolean refused(String file, String why) {
        world.err().println(file + ": " + why);
        return false;
    }
}
