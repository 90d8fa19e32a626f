package io.redfleet.contracts.cluster;

import java.util.Collection;
import java.util.List;

/** An instance together with where it runs, as the services that talk to it need it. */
public record Member(InstanceId id, InstanceRole role, Endpoint endpoint, Endpoint announce, String zone) {
    /**
     * Those at an address as a rule writes it, in their order: that of their host or, where no host has it, its name. Compared as
     * they are written; nothing is resolved.
     */
    public static List<Member> at(String address, Collection<Member> members) {
        List<Member> there = members.stream()
                .filter(member -> member.endpoint().host().equals(address))
                .toList();
        return !there.isEmpty()
                ? there
                : members.stream()
                        .filter(member -> member.id().host().value().equals(address))
                        .toList();
    }
}
