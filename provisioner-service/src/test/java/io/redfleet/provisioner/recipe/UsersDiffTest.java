package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.provisioner.secret.Accounts;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When users are as they should be, whatever words a server has for that. */
class UsersDiffTest {
    private static final String HASH = "0123456789abcdef".repeat(4);

    /** A small server's. */
    private static final Map<String, Set<String>> CATEGORIES = Map.of(
            "fast", Set.of("ping", "get", "publish", "spublish"),
            "slow",
                    Set.of(
                            "set",
                            "sort",
                            "keys",
                            "config",
                            "config|get",
                            "config|set",
                            "config|help",
                            "acl",
                            "acl|list"),
            "admin", Set.of("config|get", "config|set", "acl|list"),
            "dangerous", Set.of("config|get", "config|set", "acl|list", "sort", "keys"));

    /** The rules that are wanted, those that are found, what is said of them. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            on #H ~* &* +@all -@dangerous +sort ; on #same ~* &* -@all +@all -keys -@admin ;
            on #H ~* &* +@all -@dangerous +sort ; on sanitize-payload #same ~* &* +@all -@admin -keys ;
            on #H resetkeys resetchannels -@all +config ; on #same resetchannels -@all +config/get +config/set +config ;
            on #H resetkeys resetchannels -@all +config ; on #same -@all +@slow -set -sort -keys -acl ;
            on #H resetchannels -@all &hello +ping ; on #same -@all +ping &hello ;
            on #H allkeys allchannels +@all ; on #same ~* &* +@all ;
            on #H -@all +ping (~* &a -@all +publish) ; on #same -@all +ping (~* resetchannels &a -@all +publish) ;
            on #H -@all (~a +get) (~b +set) ; on #same -@all (~b resetchannels +set) (~a +get) ;
            on #H ~* alldbs +@all ; on #same ~* +@all ;
            on #H ~* +@all ; off #same ~* +@all ; is off
            on #H ~* +@all ; on #other ~* +@all ; has another password
            on #H ~* +@all ; on #same #other ~* +@all ; has another password
            on #H ~* +@all ; on nopass ~* +@all ; needs no password
            on #H ~* +@all ; on ~* +@all ; has another password
            on #H ~* +@all ; on #same ~a +@all ; has other rights
            on #H ~* +@all ; on #same ~* &* +@all ; has other rights
            on #H ~* +@all -@admin ; on #same ~* +@all -@admin +config/get ; has other rights
            on #H ~* +@all ; on #same ~* +@all -sort ; has other rights
            on #H -@all +ping (~* &a +publish) ; on #same -@all +ping (~* &b +publish) ; has other rights
            on #H -@all +ping (~* &a +publish) ; on #same -@all +ping ; has other rights
            on #H -@all +ping ; on #same -@all +ping (~* +@all) ; has other rights
            on #H -@all +ping ; on #same skip-sanitize-payload -@all +ping ; has other rights
            on #H -@all +ping ; on #same %R~a -@all +ping ; has other rights
            on #H -@all +ping ; off #other -@all +ping +get ; is off, has another password, has other rights
            on #H -@all +@admin ; on #same -@all +@unheard ;
            on #H -@all +@admin ; off #same -@all +@unheard ; is off
            """)
    void rulesAreComparedByWhatTheyComeTo(String row) {
        String[] parts = row.replace('/', '|').split(";", -1);
        String wanted = "user app " + parts[0].strip().replace("#H", "#" + HASH) + "\n";
        Map<String, String> found = Map.of("app", "user app " + parts[1].strip());
        String said = parts[2].strip();
        assertThat(UsersDiff.of(wanted, found, CATEGORIES))
                .isEqualTo(said.isEmpty() ? Map.of() : Map.of("app", List.of(said.split(", ", -1))));
    }

    @Test
    void withoutAListOfAllCommandsRightsAreNotCompared() {
        String wanted = "user app on #" + HASH + " -@all +ping\n";
        Map<String, String> found = Map.of("app", "user app on #same -@all +ping +get");
        Map<String, Set<String>> cut = new HashMap<>(CATEGORIES);
        assertThat(UsersDiff.of(wanted, found, cut)).containsOnlyKeys("app");
        cut.remove("fast");
        assertThat(UsersDiff.of(wanted, found, cut)).isEmpty();
    }

    @Test
    void whoIsMissingAndWhoIsBesideIsNamed() {
        String wanted = "user default off -@all\nuser app on #" + HASH + " -@all +ping\n";
        Map<String, String> found =
                Map.of("default", "user default off -@all", "mallory", "user mallory on nopass ~* +@all");
        assertThat(UsersDiff.of(wanted, found, CATEGORIES)).isEqualTo(Map.of("app", List.of("is missing")));
        assertThat(UsersDiff.beside(wanted, found)).containsExactly("mallory");
    }

    /** A rule that names a category of which the script does not ask would never be compared. */
    @Test
    void whatIsRenderedNamesCategoriesThatAreAskedFor() {
        Accounts accounts = new Accounts(
                Arrays.stream(Purpose.values())
                        .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
                "");
        Map<String, Set<String>> asked = Map.of(
                "fast", Set.of("ping"),
                "slow", Set.of("sort"),
                "admin", Set.of(),
                "dangerous", Set.of(),
                "connection", Set.of(),
                "transaction", Set.of());
        Map<String, Set<String>> ofSentinel = Map.of("fast", Set.of("ping"), "slow", Set.of("sentinel"));
        for (String version : List.of("6.2.14", "7.0.15", "8.1.1")) {
            assertThat(UsersDiff.lines(UsersFile.redis(accounts, version)).values())
                    .hasSize(7)
                    .allMatch(line -> UserRules.of(line, asked).known());
        }
        assertThat(UsersDiff.lines(UsersFile.sentinel(accounts)).values())
                .hasSize(5)
                .allMatch(line -> UserRules.of(line, ofSentinel).known());
    }
}
