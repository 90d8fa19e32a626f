package io.redfleet.provisioner.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.RedisSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How Redis and Valkey are told apart, and what they are called. */
class EngineTest {
    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "REDIS, 6, true",
        "REDIS, 6.2, true",
        "REDIS, 6.2.14, true",
        "REDIS, 6.10, true",
        "REDIS, 7.0.15, true",
        "REDIS, 8.2.1-rc1, true",
        "REDIS, 6.0.16, false",
        "REDIS, 5, false",
        "REDIS, '', false",
        "REDIS, new, false",
        "REDIS, 7., false",
        "VALKEY, 7, true",
        "VALKEY, 7.2, true",
        "VALKEY, 7.2.5, true",
        "VALKEY, 8.0.3, true",
        "VALKEY, 8.1.1, true",
        "VALKEY, 9.0.0, true",
        "VALKEY, 255.255.255, true",
        "VALKEY, 7.1, false",
        "VALKEY, 7.0.15, false",
        "VALKEY, 6.2, false",
        "VALKEY, 6, false",
    })
    void aVersionThatIsManaged(Engine engine, String version, boolean managed) {
        assertThat(engine.manages(version)).isEqualTo(managed);
    }

    /** As {@code INFO server} has it; Valkey 8.1.1 says all three. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            redis_version:7.0.15                                        | REDIS  | 7.0.15
            redis_version:7.2.4 valkey_version:8.1.1 server_name:valkey | VALKEY | 8.1.1
            redis_version:7.2.4 valkey_version:9.0.0                    | VALKEY | 9.0.0
            redis_version:7.2.4                                         | REDIS  | 7.2.4
            """)
    void whatAnInstanceSaysThatItIs(String said, Engine engine, String version) {
        Map<String, String> info = new HashMap<>();
        for (String field : said.split(" ", -1)) {
            int colon = field.indexOf(':');
            info.put(field.substring(0, colon), field.substring(colon + 1));
        }
        assertThat(Engine.saying(info)).contains(engine);
        assertThat(Engine.version(info)).isEqualTo(version);
    }

    @Test
    void whatSaysNothingIsNeither() {
        assertThat(Engine.saying(Map.of("role", "master"))).isEmpty();
        assertThat(Engine.version(Map.of("role", "master"))).isEmpty();
    }

    @Test
    void theProgramsOfEach() {
        assertThat(List.of(
                        Engine.REDIS.server(), Engine.REDIS.sentinel(), Engine.REDIS.checker(), Engine.REDIS.client()))
                .containsExactly("redis-server", "redis-sentinel", "redis-check-rdb", "redis-cli");
        assertThat(List.of(
                        Engine.VALKEY.server(),
                        Engine.VALKEY.sentinel(),
                        Engine.VALKEY.checker(),
                        Engine.VALKEY.client()))
                .containsExactly("valkey-server", "valkey-sentinel", "valkey-check-rdb", "valkey-cli")
                // A kernel keeps 15 characters of a process's name, and by it living in common.sh knows one of ours.
                .allMatch(name -> name.equals("valkey-check-rdb") || name.length() <= 15);
    }

    @Test
    void aSpecOfBeforeIsOfRedisAndScriptsTakeItForGranted() {
        Engine before = Engine.of(new RedisSpec("redis", "", "present", Map.of()));
        assertThat(before).isEqualTo(Engine.REDIS);
        assertThat(before.after(List.of("a", "b"))).containsExactly("a", "b");
        Engine valkey = Engine.of(new RedisSpec("valkey", "", "present", Map.of()));
        assertThat(valkey.after(List.of("a", "b"))).containsExactly("a", "b", "valkey");
        assertThat(Engine.words()).containsExactly("redis", "valkey");
        assertThat(Engine.named("keydb")).isEmpty();
    }
}
