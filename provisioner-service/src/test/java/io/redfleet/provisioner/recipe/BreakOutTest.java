package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.access.Purpose;
import io.redfleet.contracts.access.Secret;
import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.Member;
import io.redfleet.provisioner.desired.SpecReader;
import io.redfleet.provisioner.secret.Accounts;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.testkit.RedisCall;
import io.redfleet.testkit.RedisNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nothing that a person can write into a spec becomes a second directive. Seeded: {@code -Dseed=N} repeats a run, {@code
 * -Dvalues=N} shortens it.
 */
class BreakOutTest {
    private static final long SEED = Long.getLong("seed", 20_261_126L);
    private static final int VALUES = Integer.getInteger("values", 100_000);
    /** For which the short tier has the time. */
    private static final int SOME = Math.min(VALUES, 20_000);

    /** What Redis' reader of lines treats specially, what Java and Redis may see differently, and plain letters. */
    private static final List<String> SPICE = List.of(
            " ",
            "\t",
            "\n",
            "\r",
            "\r\n",
            "\u000b",
            "\f",
            "\0",
            "\u0001",
            "\u007f",
            "\u0085",
            "\u00a0",
            "\u2028",
            "\u2029",
            "\"",
            "'",
            "\\",
            "\\n",
            "\\x0a",
            "\"\n\"",
            "#",
            "\n#",
            "\nmaxclients 77\n",
            "\rmaxclients 77\r",
            "maxclients 77",
            "$",
            "`",
            ";",
            "{}",
            "=",
            ":",
            "%0a",
            "${x}",
            "\u00e9",
            "\u20ac",
            "\ud83d\ude00",
            "a",
            "b",
            "Z",
            "0",
            "7",
            "-",
            "_",
            ".",
            "/");

    private static final List<String> PLAIN =
            List.of("#", "$", "`", ";", "{", "}", "=", ":", "%0a", "a", "b", "Z", "7", "\u20ac");

    /** Where free text stands in a spec, by a way to put it there. */
    private static final List<String> PLACES = List.of(
            "name",
            "label",
            "address",
            "host",
            "directory",
            "sshUser",
            "credential",
            "hostKey",
            "instance",
            "announce",
            "masterName",
            "bootstrapMaster",
            "directive",
            "value",
            "zone",
            "version");

    private static final Accounts ACCOUNTS = new Accounts(
            Arrays.stream(Purpose.values())
                    .collect(Collectors.toMap(purpose -> purpose, purpose -> Secret.of("pw-" + purpose.word()))),
            "");

    /**
     * Redis gives a command any name that {@code rename-command} has as its second word, and knows it by this name alone:
     * who calls it so, and is told of missing arguments, has proof that the word was read as it was written.
     */
    @Test
    @Tag("long")
    void aRealRedisReadsEachValueBackOrItIsRefused() throws IOException {
        Random random = new Random(SEED);
        List<String> commands = commandsThatWantArguments();
        Map<String, String> words = new TreeMap<>();
        List<String> spaced = new ArrayList<>();
        int refused = 0;
        int readBack = 0;
        int starts = 0;
        for (int i = 0; i < VALUES; i++) {
            String value = text(random, i % 2 == 0 ? SPICE : PLAIN);
            try {
                Setting.line("bind", value);
            } catch (IllegalArgumentException breaksOut) {
                refused++;
                continue;
            }
            if (value.isBlank() || value.contains(" ")) {
                spaced.add(value);
            } else {
                words.put(value.toLowerCase(Locale.ROOT), value);
            }
            if (words.size() == commands.size() || i == VALUES - 1) {
                readBack += read(commands, List.copyOf(words.values()), spaced);
                starts++;
                words.clear();
                spaced.clear();
            }
        }
        System.out.printf(
                "values: seed %d, %d, refused %d, read back %d in %d starts%n",
                SEED, VALUES, refused, readBack, starts);
        assertThat(refused).isPositive();
        assertThat(readBack).isGreaterThan(VALUES / 10);
    }

    @Test
    void whateverASpecMaySayItsFilesHaveTheSameLines() {
        theSameLines(SOME);
    }

    @Test
    @Tag("long")
    void howeverMuchASpecMaySayItsFilesHaveTheSameLines() {
        theSameLines(VALUES);
    }

    private static void theSameLines(int values) {
        Random random = new Random(SEED);
        Map<String, Integer> accepted = new TreeMap<>();
        for (int i = 0; i < values; i++) {
            String place = PLACES.get(i % PLACES.size());
            String text = text(random, random.nextBoolean() ? SPICE : PLAIN);
            if (SpecReader.read(document(place, text)) instanceof SpecReader.Good good) {
                accepted.merge(place, 1, Integer::sum);
                for (Member member : good.spec().members()) {
                    assertThat(directives(good.spec(), member))
                            .as("seed %d, value %d: %s in %s", SEED, i, text, place)
                            .doesNotContain("maxclients")
                            .allMatch(name -> name.matches("[a-z-]+( [a-z-]+)?"))
                            .doesNotHaveDuplicates();
                }
            }
        }
        System.out.printf("specs: seed %d, %d, accepted %s%n", SEED, values, accepted);
        assertThat(accepted).containsKeys("value", "masterName");
    }

    private static int read(List<String> commands, List<String> words, List<String> spaced) throws IOException {
        String lines = IntStream.range(0, words.size())
                        .mapToObj(i -> Setting.line("rename-command " + commands.get(i), words.get(i)))
                        .collect(Collectors.joining())
                + spaced.stream().map(value -> Setting.line("bind", value)).collect(Collectors.joining())
                + "bind " + RedisNode.LOOPBACK;
        try (RedisNode redis = RedisNode.start("maxclients 55", lines);
                RedisCall call = RedisCall.open(redis.host(), redis.port(), Duration.ofSeconds(2))) {
            for (String word : words) {
                assertThat(answer(call, word)).as("%s (seed %d)", word, SEED).contains("wrong number of arguments");
            }
            assertThat(call.call("CONFIG", "GET", "maxclients")).isEqualTo(List.of("maxclients", "55"));
        }
        return words.size();
    }

    private static String answer(RedisCall call, String... words) throws IOException {
        try {
            return String.valueOf(call.call(words));
        } catch (RedisCall.Refused error) {
            return String.valueOf(error.getMessage());
        }
    }

    /** None that a start, a call of CONFIG or the test's own questions need. */
    private static List<String> commandsThatWantArguments() throws IOException {
        try (RedisNode redis = RedisNode.start();
                RedisCall call = RedisCall.open(redis.host(), redis.port(), Duration.ofSeconds(2))) {
            return ((List<?>) Objects.requireNonNull(call.call("COMMAND")))
                    .stream()
                            .map(command -> (List<?>) command)
                            .filter(command -> Math.abs((Long) command.get(1)) > 1)
                            .map(command -> String.valueOf(command.getFirst()))
                            .filter(name -> !name.equals("config"))
                            .sorted()
                            .toList();
        }
    }

    /** The first word of each line that Redis would read, the first two of one that is about Sentinel. */
    private static List<String> directives(ClusterSpec spec, Member member) {
        Place place = Place.of(spec, member.id(), Login.NONE);
        Endpoint master = new Endpoint("10.0.0.11", 6379);
        String text = place.isRedis()
                ? RedisConf.render(spec, place, place.directory("/home/redfleet"), Optional.of(master), ACCOUNTS)
                : SentinelConf.render(
                        spec,
                        place,
                        place.directory("/home/redfleet"),
                        master,
                        new SentinelConf.Reader("7.0.15", ACCOUNTS));
        return Arrays.stream(text.split("[\n\r]", -1))
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .map(BreakOutTest::name)
                .toList();
    }

    private static String name(String line) {
        String[] words = line.split(" ", 3);
        return words[0].equals("sentinel") ? words[0] + " " + words[1] : words[0];
    }

    private static Map<String, Object> document(String place, String text) {
        Function<String, String> at = name -> name.equals(place) ? text : "";
        List<Object> hosts = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            Map<String, Object> host = filled(
                    "name",
                    i == 1 ? at.apply("host") : "",
                    "address",
                    i == 1 ? at.apply("address") : "",
                    "zone",
                    at.apply("zone"),
                    "directory",
                    at.apply("directory"));
            host.putIfAbsent("name", "r" + i);
            host.putIfAbsent("address", "10.0.0.1" + i);
            host.put(
                    "ssh",
                    filled(
                            "user",
                            at.apply("sshUser"),
                            "credential",
                            at.apply("credential"),
                            "hostKey",
                            at.apply("hostKey")));
            Map<String, Object> redis = filled("name", at.apply("instance"));
            redis.put("role", "redis");
            if (place.equals("announce")) {
                redis.put("announce", filled("ip", text));
            }
            host.put("instances", List.of(redis, Map.of("role", "sentinel")));
            hosts.add(host);
        }
        Map<String, Object> metadata = filled("name", at.apply("name"));
        metadata.putIfAbsent("name", "orders");
        metadata.put("labels", filled("team", at.apply("label")));
        Map<String, Object> spec = filled("bootstrapMaster", at.apply("bootstrapMaster"));
        spec.put("hosts", hosts);
        spec.put("sentinel", filled("masterName", at.apply("masterName")));
        Map<String, Object> redis = filled("version", at.apply("version"));
        redis.put(
                "config",
                place.equals("directive") ? Map.of(text, "1") : filled("maxmemory-policy", at.apply("value")));
        spec.put("redis", redis);
        return new LinkedHashMap<>(Map.of("metadata", metadata, "spec", spec));
    }

    /** Names and values by turns; what has no value is left out. */
    private static Map<String, Object> filled(String... pairs) {
        Map<String, Object> filled = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                filled.put(pairs[i], pairs[i + 1]);
            }
        }
        return filled;
    }

    private static String text(Random random, List<String> letters) {
        return random.ints(1 + random.nextInt(9), 0, letters.size())
                .mapToObj(letters::get)
                .collect(Collectors.joining());
    }
}
