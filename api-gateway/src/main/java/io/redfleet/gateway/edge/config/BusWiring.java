package io.redfleet.gateway.edge.config;

import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.gateway.access.Audit;
import io.redfleet.gateway.access.WriteAhead;
import io.redfleet.gateway.edge.kafka.AccessEvents;
import io.redfleet.gateway.edge.kafka.Acknowledged;
import io.redfleet.gateway.edge.kafka.BusReading;
import io.redfleet.gateway.edge.kafka.EventTopic;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** The ways from the gateway to the bus. */
@Dependent
public class BusWiring {
    private static final Duration DELIVERY = Duration.ofSeconds(5);

    @Produces
    @Singleton
    BusProducer producer(BusSettings bus) {
        return new BusProducer(bus, DELIVERY);
    }

    void close(@Disposes BusProducer producer) {
        producer.close();
    }

    @Produces
    @Singleton
    Acknowledged acknowledged(BusProducer producer, BusReading reading) {
        return new Acknowledged(producer::send, reading::silence);
    }

    @Produces
    @Singleton
    TokenTopic tokenTopic(Acknowledged bus, BusReading reading) {
        return new TokenTopic(bus, reading);
    }

    @Produces
    @Singleton
    WriteAhead trailAhead(Acknowledged bus) {
        return new EventTopic(bus);
    }

    @Produces
    @Singleton
    Audit audit(@Channel("access-events") MutinyEmitter<byte[]> channel) {
        return new AccessEvents(channel);
    }
}
