package io.redfleet.bus.topics;

import io.redfleet.contracts.wire.ServiceName;
import java.util.Arrays;
import java.util.Optional;

/** Who logs in to the broker: one account for each service, one for the topics themselves, one for everybody else. */
public enum Account {
    /** Makes topics and rights; nothing binds it. Belongs to whoever sets the bus up, and to no service. */
    ADMIN("admin"),
    PROVISIONER(ServiceName.PROVISIONER),
    MONITOR(ServiceName.MONITOR),
    ALERT(ServiceName.ALERT),
    GATEWAY(ServiceName.GATEWAY),
    /** Other teams: reads what is published, in groups of {@link #CONSUMER_GROUPS}, and writes nothing. */
    CONSUMER("consumer");

    /** How the name of a group of other teams begins. */
    public static final String CONSUMER_GROUPS = "consumer-";

    private final String word;
    private final Optional<ServiceName> service;

    Account(String word) {
        this.word = word;
        this.service = Optional.empty();
    }

    Account(ServiceName service) {
        this.word = service.word();
        this.service = Optional.of(service);
    }

    /** The name that it logs in by. */
    public String word() {
        return word;
    }

    /** The service that it belongs to; empty if that is none. */
    public Optional<ServiceName> service() {
        return service;
    }

    /** As rights name it. */
    String principal() {
        return "User:" + word;
    }

    static boolean isPrincipal(String name) {
        return Arrays.stream(values()).anyMatch(account -> account.principal().equals(name));
    }
}
