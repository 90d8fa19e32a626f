package io.redfleet.provisioner.edge.kafka;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.codec.BusMessage;
import io.redfleet.bus.topics.Topic;
import io.redfleet.contracts.cluster.ClusterName;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.event.EventTypes;
import io.redfleet.contracts.event.Fact;
import io.redfleet.contracts.operation.HostFacts;
import io.redfleet.contracts.operation.OperationState;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Position;
import io.redfleet.provisioner.apply.Ledger;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** The ledger of one owned partition. A broker that is away is waited for; a partition that is lost ends every wait. */
final class KafkaLedger implements Ledger {
    private static final Logger LOG = Logger.getLogger(KafkaLedger.class);
    /** Above the producer's own delivery time, so that it is the producer that gives up. */
    private static final long ACK_WITHIN_SECONDS = 30;

    private static final long PAUSE_MILLIS = 500;

    private final BusProducer producer;
    private volatile boolean lost;

    KafkaLedger(BusProducer producer) {
        this.producer = producer;
    }

    void lose() {
        lost = true;
    }

    @Override
    public Position cluster(ClusterState state) {
        return write(BusMessage.of(Topic.CLUSTERS, state.name().value(), state));
    }

    @Override
    public Position forget(ClusterName cluster) {
        return write(BusMessage.tombstone(Topic.CLUSTERS, cluster.value()));
    }

    @Override
    public Position operation(OperationState state) {
        return write(BusMessage.of(Topic.OPERATIONS, state.cluster() + "/" + state.id(), state));
    }

    @Override
    public void outcome(Outcome outcome) {
        write(BusMessage.of(Topic.OUTCOMES, outcome.cluster() + "/" + outcome.command(), outcome));
    }

    @Override
    public void tell(Fact fact) {
        write(BusMessage.of(fact));
        String type = EventTypes.shortName(fact.event().getClass());
        LOG.infof(
                "told; event=%s target=%s reason=%s",
                type, fact.about().subject(), fact.about().reason());
    }

    @Override
    public void host(HostFacts facts) {
        write(BusMessage.of(Topic.HOSTS, facts.cluster() + "/" + facts.host(), facts));
    }

    @Override
    public void forgetHost(ClusterName cluster, HostName host) {
        write(BusMessage.tombstone(Topic.HOSTS, cluster + "/" + host));
    }

    Position write(BusMessage message) {
        boolean said = false;
        while (!lost) {
            try {
                return producer.send(message).toCompletableFuture().get(ACK_WITHIN_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                if (!said) {
                    LOG.warnf("not on the bus yet, trying on; topic=%s error=%s", message.topic(), e.getMessage());
                    said = true;
                }
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Lost("interrupted");
            }
        }
        throw new Lost("the partition belongs to another");
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
    }
}
