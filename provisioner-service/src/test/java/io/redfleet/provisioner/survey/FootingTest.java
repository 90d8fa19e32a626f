package io.redfleet.provisioner.survey;

import static org.assertj.core.api.Assertions.assertThat;

import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.SshSpec;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a host says of what its instances stand on, as it is read. */
class FootingTest {
    private static final String ID = "0123456789abcdef0123456789abcdef01234567";
    private static final InstanceId REDIS = new InstanceId("r1/redis-server");
    private static final InstanceId SENTINEL = new InstanceId("r1/redis-sentinel");
    private static final Endpoint ANYWHERE = new Endpoint("127.0.0.1", 1);

    private static final HostSpec HOST = new HostSpec(
            new HostName("r1"),
            "127.0.0.1",
            "",
            new SshSpec("ops", 22, "ops", null),
            "redfleet",
            List.of(
                    new InstanceSpec("redis-server", InstanceRole.REDIS, 1, 100, ANYWHERE),
                    new InstanceSpec("redis-sentinel", InstanceRole.SENTINEL, 2, 100, ANYWHERE)));

    @Test
    void allOfItIsRead() {
        Footing seen = read("""
                memory=1024
                clock=alone chronyc
                beside.memory=64mb u2 carts/r1/redis-server
                beside.id=%s u2 carts/r1/redis-sentinel
                i.redis-server.room=10 20 /srv/with blanks
                i.redis-sentinel.myid=%s
                """.formatted(ID, ID));
        assertThat(seen.memoryBytes()).isEqualTo(1024);
        assertThat(seen.clock()).isEqualTo(new Footing.Clock(Footing.Clock.Word.ALONE, "chronyc"));
        assertThat(seen.rooms()).containsOnlyKeys(REDIS);
        assertThat(seen.rooms().get(REDIS)).isEqualTo(new Footing.Room(10, 20, "/srv/with blanks"));
        assertThat(seen.ids()).containsOnlyKeys(SENTINEL).containsEntry(SENTINEL, ID);
        assertThat(seen.beside())
                .containsExactly(
                        new Footing.Neighbour("u2 carts/r1/redis-server", 64L << 20, ""),
                        new Footing.Neighbour("u2 carts/r1/redis-sentinel", 0, ID));
    }

    @Test
    void aHostThatSaysNothingOfItHasNone() {
        assertThat(read("")).isEqualTo(Footing.NONE);
    }

    /** Whoever is redis there writes these files, and says what he likes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "memory=-1",
                "memory=99999999999999999999",
                "memory=1 kB",
                "clock=",
                "clock=set by hand",
                "i.redis-server.room=1 2",
                "i.redis-server.room=-1 2 /",
                "i.redis-server.room=1  /",
                "i.redis-sentinel.myid=0123",
                "i.redis-sentinel.myid=0123456789ABCDEF0123456789ABCDEF01234567",
                "i.redis-sentinel.liveid=ERR unknown command",
                "i.redis-other.myid=0123456789abcdef0123456789abcdef01234567",
                "beside.memory=",
                "beside.memory=0 u2 carts/r1/redis-server",
                "beside.id=x u2 carts/r1/redis-sentinel",
            })
    void whatIsOfAnotherFormSaysNothing(String line) {
        assertThat(read(line + "\n")).isEqualTo(Footing.NONE);
    }

    @Test
    void whatIsShownToPeopleIsPlainAndShort() {
        String mark = "\u001b[2J" + "x".repeat(1_000);
        assertThat(read("beside.memory=1gb " + mark + "\n").beside())
                .singleElement()
                .satisfies(neighbour ->
                        assertThat(neighbour.mark()).startsWith("?[2Jx").hasSize(200));
    }

    private static Footing read(String lines) {
        return SurveyText.read(HOST, lines + "end=yes\n", Instant.EPOCH)
                .orElseThrow()
                .footing();
    }
}
