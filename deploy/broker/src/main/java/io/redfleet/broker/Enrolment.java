package io.redfleet.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * Makes the broker's accounts those of the directory: each has the password of its file, and who has no file cannot log in.
 */
final class Enrolment {
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_512;
    /** Stretching is for passwords that people choose; these are 256 random bits. The least that Kafka takes. */
    private static final int ITERATIONS = 4096;

    private final Accounts accounts;
    private final InnerLogin inner;
    private final Duration within;

    Enrolment(Accounts accounts, InnerLogin inner, Duration within) {
        this.accounts = accounts;
        this.inner = inner;
        this.within = within;
    }

    Duration within() {
        return within;
    }

    /** Through the inner port; waits for the broker to come up. */
    void enrol(String bootstrap) throws ExecutionException, TimeoutException, InterruptedException {
        try (Admin admin = Admin.create(client(bootstrap, "PLAIN", inner.clientLogin()))) {
            Set<String> known = admin
                    .describeUserScramCredentials()
                    .all()
                    .get(within.toMillis(), TimeUnit.MILLISECONDS)
                    .entrySet()
                    .stream()
                    .filter(user -> user.getValue().credentialInfos().stream()
                            .anyMatch(login -> login.mechanism() == MECHANISM))
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            admin.alterUserScramCredentials(alterations(known)).all().get(within.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whether the admin is let in where all accounts are; they were enrolled together. */
    boolean answers(String bootstrap) throws TimeoutException, InterruptedException, ExecutionException {
        String login = ScramLoginModule.class.getName() + " required username=\""
                + accounts.admin().name() + "\" password=\"" + accounts.admin().password() + "\";";
        try (Admin admin = Admin.create(client(bootstrap, MECHANISM.mechanismName(), login))) {
            return !admin.describeCluster()
                    .nodes()
                    .get(within.toMillis(), TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SaslAuthenticationException) {
                // What the controller has written the broker reads a moment later.
                return false;
            }
            throw e;
        }
    }

    private List<UserScramCredentialAlteration> alterations(Set<String> known) {
        List<UserScramCredentialAlteration> alterations = new ArrayList<>();
        Set<String> wanted = accounts.all().stream().map(Accounts.Account::name).collect(Collectors.toSet());
        for (Accounts.Account account : accounts.all()) {
            alterations.add(new UserScramCredentialUpsertion(
                    account.name(), new ScramCredentialInfo(MECHANISM, ITERATIONS), account.password()));
        }
        known.stream()
                .filter(name -> !wanted.contains(name))
                .forEach(name -> alterations.add(new UserScramCredentialDeletion(name, MECHANISM)));
        return alterations;
    }

    private Map<String, Object> client(String bootstrap, String mechanism, String login) {
        Map<String, Object> config = new HashMap<>();
        config.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "SASL_PLAINTEXT");
        config.put(SaslConfigs.SASL_MECHANISM, mechanism);
        config.put(SaslConfigs.SASL_JAAS_CONFIG, login);
        config.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 25);
        config.put(AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 100);
        config.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 25);
        config.put(AdminClientConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 100);
        config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) within.toMillis());
        return config;
    }
}
