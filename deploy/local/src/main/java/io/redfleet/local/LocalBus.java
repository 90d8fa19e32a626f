package io.redfleet.local;

import io.redfleet.bus.BusSettings;
import io.redfleet.bus.backup.BackupRefused;
import io.redfleet.bus.topics.Account;
import java.nio.file.Path;
import java.util.Objects;

/** How the programs of this stack that are no service reach Kafka. */
public final class LocalBus {
    private LocalBus() {}

    /** As the administrator of the stack's own broker: no other account may read and write all topics. */
    public static BusSettings of(Home home, Ports ports, String name) throws BackupRefused {
        return of(ports.bootstrap(), KafkaAccounts.of(home).login(Account.ADMIN), name);
    }

    /**
     * @param login a file of Kafka client properties, as {@link io.redfleet.bus.ClientFile} wants it
     * @throws BackupRefused with what to do, if it is not like that
     */
    public static BusSettings of(String bootstrap, Path login, String name) throws BackupRefused {
        try {
            return BusSettings.of(bootstrap, name, login);
        } catch (IllegalStateException e) {
            throw new BackupRefused(Objects.requireNonNullElse(e.getMessage(), login + " cannot be used"), e);
        }
    }

    /** Where each account of the broker has its file. */
    public static Path accounts(Home home) {
        return KafkaAccounts.of(home).directory();
    }
}
