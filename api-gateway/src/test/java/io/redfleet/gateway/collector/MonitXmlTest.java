package io.redfleet.gateway.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Reporter;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.report.HostReport;
import io.redfleet.contracts.report.MonitEvent;
import io.redfleet.contracts.report.ReportedEvent;
import io.redfleet.contracts.report.ServiceReport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code event.xml} is what Debian's Monit 5.33 posted when the process that it watched had been killed. */
class MonitXmlTest {
    private static final Reporter R1 =
            new Reporter(new ClusterName("orders"), new ClusterUid("uid-orders"), new HostName("r1"));
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void whatMonitPostsIsRead() throws Exception {
        Posting posting = read(posted());

        assertThat(posting.version()).isEqualTo("5.33.0");
        assertThat(posting.monit()).hasSize(32);
        assertThat(posting.pollSeconds()).isEqualTo(2);
        assertThat(posting.services())
                .extracting(ServiceReport::name, ServiceReport::type)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("redis-server", 3),
                        org.assertj.core.groups.Tuple.tuple("rootfs", 0),
                        org.assertj.core.groups.Tuple.tuple("r1", 5));
        ServiceReport server = posting.services().getFirst();
        assertThat(MonitEvent.of(server.failed())).containsExactly(MonitEvent.NONEXIST);
        assertThat(server.monitored()).isTrue();
        assertThat(server.pid()).isZero();
        assertThat(posting.event())
                .isEqualTo(new ReportedEvent(
                        "redis-server",
                        MonitEvent.NONEXIST.id(),
                        1,
                        Instant.ofEpochSecond(1_795_685_423L, 714_957_000),
                        "process is not running"));
    }

    @Test
    void theHostIsTheOneOfTheCredentialAndNoPasswordOfMonitIsKept() throws Exception {
        assertThat(posted()).contains("<credentials>", "<password>monit</password>");
        HostReport report = read(posted().replace("<password>monit<", "<password>k3pt-n0where<"))
                .of(R1, NOON);

        assertThat(report.host()).isEqualTo(R1.host());
        assertThat(report.key()).isEqualTo("orders/r1");
        assertThat(new String(Codec.bytes(report), StandardCharsets.UTF_8))
                .contains("process is not running")
                .doesNotContain("k3pt-n0where", "credentials", "/etc/monit/monitrc");
    }

    /** As Debian's Monit 5.33 writes them: neither is XML. */
    @Test
    void coloursInAProgramsOutputAndAPasswordThatIsNotEscapedDoNotMatter() throws Exception {
        String odd = posted().replace("process is not running", "\u001b[31mFAIL\u001b[0m\u0007 <credentials>")
                .replace("<password>monit</password>", "<password>p&ss<w</password>");
        assertThat(odd).contains("p&ss<w").isNotEqualTo(posted());

        Posting posting = read(odd);
        assertThat(posting.services()).isEqualTo(read(posted()).services());
        assertThat(posting.event())
                .isNotNull()
                .satisfies(event -> assertThat(event.message()).isEqualTo("[31mFAIL [0m  <credentials>"));
    }

    @Test
    void aMonitThatHasJustStartedHasNotJudgedYet() throws Exception {
        String started = posted().replaceFirst("<monitor>1</monitor>", "<monitor>2</monitor>");
        assertThat(read(posted()).services().getFirst().initializing()).isFalse();
        assertThat(read(started).services().getFirst().initializing()).isTrue();
        String waits = posted().replaceFirst("<monitor>1</monitor>", "<monitor>5</monitor>");
        assertThat(read(waits).services().getFirst().initializing()).isFalse();
    }

    @ParameterizedTest(name = "<poll>{0}</poll>")
    @CsvSource({
        "2, 2",
        "0, 0",
        "-30, 0",
        "86400, 86400",
        "1000000000, 86400",
        "-9223372036854775808, 0",
        "9223372036854775807, 86400"
    })
    void howOftenItReportsIsItsOwnWordWithinADay(String said, int seconds) throws Exception {
        assertThat(read(posted().replace("<poll>2</poll>", "<poll>" + said + "</poll>"))
                        .pollSeconds())
                .isEqualTo(seconds);
    }

    @Test
    void howOftenItReportsNeedNotBeSaidButIsANumber() throws Exception {
        assertThat(read(posted().replace("<poll>2</poll>", "")).pollSeconds()).isZero();
        assertThatThrownBy(() -> read(posted().replace("<poll>2</poll>", "<poll>9223372036854775808</poll>")))
                .isInstanceOf(Malformed.class)
                .hasMessage("<poll> is no number: 9223372036854775808");
    }

    /** The event is what Debian's Monit 5.33 posted when it was told to stop. */
    @Test
    void aMonitThatStopsSaysSo() throws Exception {
        String stopped = posted().replaceFirst("(?s)<event>.*</event>", """
                <event><collected_sec>1795746453</collected_sec><collected_usec>227822</collected_usec>\
                <service>Monit</service><type>5</type><id>65536</id><state>2</state><action>3</action>\
                <message><![CDATA[Monit 5.33.0 stopped]]></message></event>""");
        assertThat(read(stopped).of(R1, NOON).stops()).isTrue();
        assertThat(read(posted()).of(R1, NOON).stops()).isFalse();
    }

    @Test
    void aChangeIsToldFromAFailure() throws Exception {
        String text = "<monit id='a' incarnation='1'><services><service name='f'><type>2</type>"
                + "<status>1</status><status_hint>1</status_hint><monitor>1</monitor></service></services></monit>";
        ServiceReport file = read(text).services().getFirst();
        assertThat(file.changed()).isEqualTo(1);
        assertThat(MonitEvent.CHECKSUM.text()).isEqualTo("Checksum failed");
        assertThat(MonitEvent.CHECKSUM.changedText()).isEqualTo("Checksum changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "<monit",
                "<monit id='a'>",
                "<html><body/></html>",
                "<monit version='5.33.0'></monit>",
                "<monit id='a'><services><service name='x'><type>3</type></service></services></monit>",
                "<monit id='a'><services><service><status>0</status><monitor>1</monitor></service></services></monit>",
                "<monit id='a'><services><service name='x'><status>no</status></service></services></monit>",
                "<monit id='a'><event><service>x</service><state>1</state></event></monit>",
                "<monit id='a'>&unknown;</monit>"
            })
    void whatIsNoPostingIsRefused(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(Malformed.class).hasMessageMatching("(?s).{5,200}");
    }

    @Test
    void anEntityIsNeitherResolvedNorMultiplied() {
        String laughs = """
                <?xml version="1.0"?>
                <!DOCTYPE monit [
                  <!ENTITY a "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">
                  <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
                  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
                ]>
                <monit id="&c;"/>
                """;
        assertThatThrownBy(() -> read(laughs)).isInstanceOf(Malformed.class);
        String file = "<!DOCTYPE monit [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><monit id=\"a\"><event><service>&f;"
                + "</service><id>1</id><state>1</state></event></monit>";
        assertThatThrownBy(() -> read(file)).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read("<!DOCTYPE monit SYSTEM \"http://127.0.0.1:1/x.dtd\"><monit id=\"a\"/>"))
                .isInstanceOf(Malformed.class);
    }

    @Test
    void depthAndNumberAreBounded() {
        assertThatThrownBy(() -> read("<monit id='a'>" + "<x>".repeat(50))).isInstanceOf(Malformed.class);
        assertThatThrownBy(() -> read("<monit id='a'>" + "<x/>".repeat(150_000) + "</monit>"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("longer");
        String service = "<service name='s'><status>0</status><monitor>1</monitor></service>";
        assertThatThrownBy(() -> read("<monit id='a'><services>" + service.repeat(1_001) + "</services></monit>"))
                .isInstanceOf(Malformed.class)
                .hasMessageContaining("1000 services");
    }

    /** A posting that was damaged on its way is read or refused, and nothing else happens. */
    @Test
    void noDamageIsWorseThanARefusal() throws Exception {
        Random random = new Random(20_261_126);
        String whole = posted();
        long begun = System.nanoTime();
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(whole);
            for (int hits = 1 + random.nextInt(5); hits > 0; hits--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) (1 + random.nextInt(255)));
                    case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(40)));
                    default -> text.insert(at, whole, 0, random.nextInt(60));
                }
            }
            refused += isRefused(text.toString()) ? 1 : 0;
        }
        assertThat(refused).isBetween(200, 2_000);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(60));
    }

    private static boolean isRefused(String text) {
        try {
            read(text);
            return false;
        } catch (Malformed e) {
            return true;
        }
    }

    private static Posting read(String text) throws Malformed {
        return MonitXml.read(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String posted() throws IOException {
        try (InputStream file = Objects.requireNonNull(MonitXmlTest.class.getResourceAsStream("event.xml"))) {
            return new String(file.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
