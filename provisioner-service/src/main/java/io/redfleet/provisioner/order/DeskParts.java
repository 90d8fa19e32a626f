package io.redfleet.provisioner.order;

import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.provisioner.apply.Ledger;
import io.redfleet.provisioner.gate.Brakes;
import io.redfleet.provisioner.secret.Vault;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a desk works with.
 *
 * @param operations a thread for each operation and each question that has to ask hosts
 * @param uids a new uid, never the same twice
 */
public record DeskParts(
        Ledger ledger,
        Crew crew,
        Brakes brakes,
        Roster roster,
        Vault vault,
        Faults faults,
        Documents documents,
        Executor operations,
        InstantSource clock,
        Supplier<ClusterUid> uids) {}
