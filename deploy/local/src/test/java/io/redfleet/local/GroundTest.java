package io.redfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.topics.Account;
import io.redfleet.bus.topics.TopicAdmin;
import io.redfleet.testkit.Checkout;
import io.redfleet.testkit.TempDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the services stand on, raised and ended for real. */
class GroundTest {
    private final TempDirectory directory = TempDirectory.named("home");
    private final Home home = new Home(directory.path().resolve("redfleet"));
    private final Ports ports = FreePorts.choose();
    private final RecordedScreen screen = new RecordedScreen();

    @BeforeEach
    void prepare() throws IOException {
        home.prepare();
    }

    @AfterEach
    void endAll() throws Exception {
        Down.run(home, screen.screen());
        directory.close();
    }

    @Test
    void aSecondUpLeavesWhatRunsAndAThirdMendsWhatWasKilled() throws Exception {
        up();
        Running kafka = running(KafkaPart.NAME);
        Running postgres = running(PostgresPart.NAME);
        // With a service's own rights.
        assertThat(faultsSeenBy(Account.MONITOR)).isEmpty();

        up();
        assertThat(running(KafkaPart.NAME)).isEqualTo(kafka);
        assertThat(running(PostgresPart.NAME)).isEqualTo(postgres);

        assertThat(Ending.of(postgres.life(), "KILL", Duration.ofSeconds(5))).isEqualTo(Ending.How.IN_ORDER);
        up();
        assertThat(running(KafkaPart.NAME)).isEqualTo(kafka);
        assertThat(running(PostgresPart.NAME).life()).isNotEqualTo(postgres.life());
        assertThat(select("select 1")).isEqualTo("1");

        assertThat(Down.run(home, screen.screen())).isTrue();
        assertThat(kafka.life().goesOn()).isFalse();
        assertThat(Running.all(home.run())).isEmpty();
        assertThat(PortOwner.free(ports.postgres())).isTrue();
    }

    /** The kernel goes on taking connections for a stopped process. */
    @Test
    @Tag("long")
    void aPartThatIsStoppedIsStartedAgain() throws Exception {
        up();
        List<Running> stopped = Running.all(home.run());
        for (Running running : stopped) {
            new ProcessBuilder("kill", "-STOP", Long.toString(running.life().pid()))
                    .start()
                    .waitFor();
        }
        up();
        assertThat(stopped).noneMatch(running -> running.life().goesOn());
        assertThat(select("select 1")).isEqualTo("1");
        assertThat(screen.text()).contains("kafka        runs but does not answer", "postgres     runs but does not");
    }

    @Test
    void postgresKeepsItsPromisesAndItsRoleOwnsItsSchemaOnly() throws Exception {
        new Stack(home, screen.screen()).raise(List.of(postgresPart()));
        assertThat(select("show fsync")).isEqualTo("on");
        assertThat(select("show synchronous_commit")).isEqualTo("on");
        assertThat(
                        select(
                                "select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls from pg_roles where rolname = current_user"))
                .isEqualTo("f");
        assertThat(select("select string_agg(nspname, ',') from pg_namespace where nspowner = current_user::regrole"))
                .isEqualTo("public");
        assertThat(select("select count(*) from pg_database where datdba = current_user::regrole"))
                .isEqualTo("0");
        assertThat(select("select has_database_privilege(current_database(), 'CREATE')"))
                .isEqualTo("f");
        String role = Files.readString(PostgresPart.rolePassword(home));
        for (String foreign : List.of("postgres", "template1")) {
            assertThatThrownBy(() -> connect(foreign, PostgresPart.ROLE, role))
                    .hasMessageContaining("permission denied for database");
        }
    }

    @Test
    void postgresAsksEverybodyForAPassword() throws Exception {
        new Stack(home, screen.screen()).raise(List.of(postgresPart()));
        String superuser = Files.readString(home.credentials().resolve("postgres-superuser"));
        try (Connection connection = connect("postgres", "postgres", superuser);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select string_agg(distinct auth_method, ','),"
                        + " current_setting('unix_socket_directories') from pg_hba_file_rules")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("scram-sha-256");
            assertThat(rows.getString(2)).isEmpty();
        }
        for (String user : List.of("postgres", PostgresPart.ROLE)) {
            assertThatThrownBy(() -> connect("postgres", user, "guessed"))
                    .hasMessageContaining("password authentication failed");
            assertThatThrownBy(() -> connect("postgres", user, "")).isInstanceOf(SQLException.class);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(PostgresPart.rolePassword(home))))
                .isEqualTo("rw-------");
        String password = Files.readString(PostgresPart.rolePassword(home));
        assertThat(Files.readString(home.log(PostgresPart.NAME))).doesNotContain(password);
    }

    @Test
    void aPortTakenByAStrangerIsNamedAndWhatWasStartedIsEnded() throws Exception {
        try (var stranger = new ServerSocket(ports.postgres(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(stranger.isBound()).isTrue();
            assertThatThrownBy(this::up)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("port " + ports.postgres() + " for postgres is taken by java (pid "
                            + ProcessHandle.current().pid() + ")");
        }
        assertThat(Running.all(home.run())).isEmpty();
        assertThat(PortOwner.free(ports.kafka())).isTrue();
    }

    private void up() throws Exception {
        new Up(home, ports, screen.screen())
                .raise(List.of(KafkaPart.of(home, ports, new Built(Checkout.root())), postgresPart()), List.of());
    }

    private Part postgresPart() throws StartRefused {
        return PostgresPart.of(home, ports, PostgresBinaries.of(System.getenv()));
    }

    private List<String> faultsSeenBy(Account account) {
        BusSettings bus =
                BusSettings.of(ports.bootstrap(), "look", KafkaAccounts.of(home).login(account));
        try (Admin admin = Admin.create(bus.common())) {
            return new TopicAdmin(admin, Duration.ofSeconds(20)).faults();
        }
    }

    private Running running(String part) throws IOException {
        return Running.read(home.run(), part).orElseThrow();
    }

    private String select(String sql) throws SQLException, IOException {
        String password = Files.readString(PostgresPart.rolePassword(home));
        try (Connection connection = connect(PostgresPart.DATABASE, PostgresPart.ROLE, password);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private Connection connect(String database, String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + ports.postgres() + "/" + database, user, password);
    }
}
