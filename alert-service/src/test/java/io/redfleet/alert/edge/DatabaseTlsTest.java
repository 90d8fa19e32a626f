package io.redfleet.alert.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.redfleet.testkit.TempDirectory;
import io.redfleet.testkit.TestAuthority;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** A real PostgreSQL with a certificate, by the words that an operator puts into the URL. */
class DatabaseTlsTest {
    @Test
    void theUrlAloneMakesItTlsAndVerified() throws Exception {
        try (TempDirectory directory = TempDirectory.named("database-tls")) {
            TestAuthority authority = TestAuthority.in(directory.path().resolve("ours"));
            TestAuthority other = TestAuthority.in(directory.path().resolve("theirs"));
            TestAuthority.Signed here = authority.signed("database", "ip:127.0.0.1");
            try (TestPostgres postgres = TestPostgres.withTls(here.certificate(), here.key())) {
                String url =
                        postgres.url("postgres") + "?user=postgres&requireAuth=none&sslmode=verify-full&sslrootcert=";
                assertThat(encrypted(url + authority.certificate())).isTrue();
                assertThatThrownBy(() -> encrypted(url + other.certificate())).isInstanceOf(SQLException.class);
                Path none = directory.path().resolve("none.pem");
                assertThatThrownBy(() -> encrypted(url + none)).isInstanceOf(SQLException.class);
                // The same server by a name that does not stand in its certificate.
                String byName = url.replace("//127.0.0.1:", "//localhost:");
                assertThatThrownBy(() -> encrypted(byName + authority.certificate()))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("localhost");
            }
        }
    }

    private static boolean encrypted(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select ssl from pg_stat_ssl where pid = pg_backend_pid()")) {
            return rows.next() && rows.getBoolean(1);
        }
    }
}
