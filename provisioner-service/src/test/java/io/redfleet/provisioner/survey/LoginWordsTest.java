package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.provisioner.apply.Hands;
import io.redfleet.testkit.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a takeover asks whether a given login may do: all that is said to an instance later. A right that is missing there would
 * show only when the command is refused.
 */
class LoginWordsTest {
    /** Of which each subcommand is a right of its own. */
    private static final Set<String> CONTAINERS = Set.of("ACL", "CLIENT", "CONFIG", "SENTINEL");

    /** By which a script says something to the instance of its first two words. */
    private static final Pattern SAID =
            Pattern.compile("\\b(?:ask|tell) (?:\"\\$address\" \"\\$port\" )?([A-Z]{3,})((?: [A-Za-z-]+)?)");

    /** What plans say by tell.sh, which has no words of its own. */
    private static final List<String> TOLD =
            List.of("CONFIG SET", "CONFIG REWRITE", "SENTINEL SET", "SENTINEL FLUSHCONFIG");

    @Test
    void aTakeoverAsksForAllThatScriptsAndPlansSay() {
        Set<String> asked = asked();
        assertThat(asked).hasSizeGreaterThan(15).containsAll(TOLD);
        Set<String> said = new TreeSet<>(said(Scripts.of(Scripts.class, "survey", Duration.ZERO, List.of())));
        for (String name : List.of("await", "appendonly", "switch", "reset", "start", "stop", "tell", "reload")) {
            said.addAll(said(Scripts.of(Hands.class, name, Duration.ZERO, List.of())));
        }
        assertThat(said).contains("SENTINEL MYID", "SENTINEL CKQUORUM", "BGSAVE", "REPLICAOF", "CONFIG SET");
        // By these two it is that a takeover asks.
        said.removeAll(Set.of("ACL GETUSER", "ACL DRYRUN"));
        assertThat(asked).containsAll(said);
    }

    @Test
    void thePageForWhoMakesTheLoginNamesEachOfThem() throws IOException {
        String page = Files.readString(Checkout.root().resolve("docs/adopt.md"));
        String rights = page.substring(page.indexOf("#### What a login may do"), page.indexOf("## What is found"));
        assertThat(asked())
                .allSatisfy(words -> assertThat(rights)
                        .contains("+" + words.toLowerCase(Locale.ROOT).replace(' ', '|')));
    }

    private static Set<String> asked() {
        String text =
                Scripts.of(Scripts.class, "survey", Duration.ZERO, List.of()).text();
        int begin = text.indexOf("<<'WORDS'\n") + "<<'WORDS'\n".length();
        return text.substring(begin, text.indexOf("\nWORDS\n", begin))
                .lines()
                .map(line -> line.split(" ", -1))
                .map(words -> right(words[1], words.length > 2 ? words[2] : ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> said(Script script) {
        return script.text()
                .lines()
                .filter(line -> !line.stripLeading().startsWith("#"))
                .flatMap(LoginWordsTest::inLine)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> inLine(String line) {
        Matcher found = SAID.matcher(line);
        return found.results()
                .map(hit -> right(hit.group(1), hit.group(2).strip()))
                // A word that is in a variable.
                .filter(right -> !CONTAINERS.contains(right));
    }

    private static String right(String command, String second) {
        return CONTAINERS.contains(command) && !second.isEmpty()
                ? command + " " + second.toUpperCase(Locale.ROOT)
                : command;
    }
}
