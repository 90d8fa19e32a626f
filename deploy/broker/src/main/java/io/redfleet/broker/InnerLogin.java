package io.redfleet.broker;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.jspecify.annotations.Nullable;

/**
 * The account by which broker and controller, two halves of this process, talk to each other over two listening ports that
 * every user of the machine can connect to.
 *
 * <p>Its password is drawn at each start and lies in this process's memory alone: no file and no argument holds it. It goes
 * over those ports in the clear (PLAIN), because SCRAM could not be checked before the controller has read its own log; but
 * only after this process holds the ports itself, and nobody without root listens in on loopback.
 */
final class InnerLogin extends Configuration {
    static final String USER = "broker";
    private static final int BYTES = 32;

    private final String password;

    private InnerLogin(String password) {
        this.password = password;
    }

    /** Drawn, and made the one that Kafka's listeners in this process go by. */
    static InnerLogin installed() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        InnerLogin login =
                new InnerLogin(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
        Configuration.setConfiguration(login);
        return login;
    }

    /** For a client in this process. */
    String clientLogin() {
        return PlainLoginModule.class.getName() + " required username=\"" + USER + "\" password=\"" + password + "\";";
    }

    @Override
    public AppConfigurationEntry @Nullable [] getAppConfigurationEntry(String context) {
        return switch (context) {
            case "controller.KafkaServer", "inner.KafkaServer" ->
                entry(PlainLoginModule.class, Map.of("username", USER, "password", password, "user_" + USER, password));
            case "clients.KafkaServer" -> entry(ScramLoginModule.class, Map.of());
            default -> null;
        };
    }

    @Override
    public String toString() {
        return "***";
    }

    private static AppConfigurationEntry[] entry(Class<?> module, Map<String, String> options) {
        return new AppConfigurationEntry[] {
            new AppConfigurationEntry(module.getName(), LoginModuleControlFlag.REQUIRED, options)
        };
    }
}
