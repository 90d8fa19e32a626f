package io.redfleet.gateway.edge.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.redfleet.bus.BusProducer;
import io.redfleet.bus.BusSettings;
import io.redfleet.bus.codec.Codec;
import io.redfleet.contracts.access.Role;
import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.ClusterUid;
import io.redfleet.contracts.wire.CommandId;
import io.redfleet.door.OperatorsKey;
import io.redfleet.gateway.access.Audience;
import io.redfleet.gateway.access.Door;
import io.redfleet.gateway.access.Knocks;
import io.redfleet.gateway.access.Pace;
import io.redfleet.gateway.access.Refusals;
import io.redfleet.gateway.access.WriteAhead;
import io.redfleet.gateway.edge.kafka.BusReading;
import io.redfleet.gateway.edge.kafka.CommandLine;
import io.redfleet.gateway.edge.kafka.PassedOver;
import io.redfleet.gateway.edge.kafka.PastEvents;
import io.redfleet.gateway.edge.kafka.StateViews;
import io.redfleet.gateway.edge.kafka.TokenTopic;
import io.redfleet.gateway.edge.rest.Fleet;
import io.redfleet.gateway.edge.rest.Guard;
import io.redfleet.gateway.edge.rest.Mint;
import io.redfleet.gateway.edge.rest.Streams;
import io.redfleet.gateway.edge.rest.TokenDesk;
import io.redfleet.gateway.edge.rest.Trail;
import io.redfleet.gateway.edge.rest.Unsealing;
import io.redfleet.gateway.edge.rest.Writes;
import io.redfleet.gateway.live.Hub;
import io.redfleet.gateway.order.AuditedLine;
import io.redfleet.gateway.order.Desk;
import io.redfleet.gateway.order.Tickets;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.MutinyEmitter;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;

/** Puts the gateway together. */
@Dependent
public class Wiring {
    /** How far back a retry is known after a start: what {@link Tickets} holds at ten orders a second. */
    private static final Duration RECENT = Duration.ofMinutes(15);

    /** REST speaks the bus's JSON: one mapper, one form of every record. */
    @Produces
    @Singleton
    ObjectMapper json() {
        return Codec.mapper();
    }

    @Produces
    @Singleton
    OperatorsKey operatorsKey(@ConfigProperty(name = "redfleet.home") Path home) {
        return OperatorsKey.in(home);
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    BusSettings bus(
            @ConfigProperty(name = "redfleet.bootstrap") String bootstrap,
            @ConfigProperty(name = "redfleet.instance") String instance,
            @ConfigProperty(name = "redfleet.kafka-client") Optional<Path> login,
            @ConfigProperty(name = "redfleet.home") Path home) {
        return BusSettings.of(bootstrap, instance, login.orElse(home.resolve("credentials/kafka/gateway.properties")));
    }

    /** The channels log in as everything else does; application.properties names this as their configuration. */
    @Produces
    @Singleton
    @Identifier("login")
    Map<String, Object> login(BusSettings bus) {
        return Map.copyOf(bus.security());
    }

    @Produces
    @Singleton
    SecureRandom random() {
        return new SecureRandom();
    }

    @Produces
    @Singleton
    Home home(@ConfigProperty(name = "redfleet.home") Path home, SecureRandom random) {
        return new Home(home, random);
    }

    @Produces
    @Singleton
    StateViews views() {
        return new StateViews();
    }

    @Produces
    @Singleton
    Tickets tickets() {
        return new Tickets();
    }

    @Produces
    @Singleton
    BusReading.Unread unread(BusProducer producer, BusSettings bus, InstantSource clock) {
        return new PassedOver(producer, bus.instance(), clock);
    }

    @Produces
    @Singleton
    Hub hub(BusSettings bus, BusReading.Unread unread) {
        return new Hub(new PastEvents(bus, unread));
    }

    @Produces
    @Singleton
    BusReading.Readers readers(StateViews views, Tickets tickets, Hub hub, BusReading.Unread unread) {
        return new BusReading.Readers(views, tickets, hub, unread);
    }

    @Produces
    @Singleton
    BusReading reading(BusSettings bus, BusReading.Readers readers, InstantSource clock) {
        return new BusReading(bus, readers, clock.instant().minus(RECENT));
    }

    void close(@Disposes BusReading reading) {
        reading.close();
    }

    @Produces
    @Singleton
    Door door(StateViews views) {
        return new Door(views::token);
    }

    @Produces
    @Singleton
    Refusals refusals(GatewaySettings settings) {
        return new Refusals(settings.refusalPause());
    }

    @Produces
    @Singleton
    Guard.Limits limits(GatewaySettings settings) {
        Knocks.Terms terms = new Knocks.Terms(settings.wrongTokens(), settings.wrongTokensWindow());
        Pace pace = new Pace(Map.of(
                Role.VIEWER, Pace.Rate.of(settings.viewerRate()),
                Role.OPERATOR, Pace.Rate.of(settings.operatorRate()),
                Role.ADMIN, Pace.Rate.of(settings.adminRate()),
                Role.REPORTER, Pace.Rate.of(settings.reporterRate())));
        return new Guard.Limits(new Knocks(terms), pace);
    }

    @Produces
    @Singleton
    Desk desk(
            @Channel("commands") MutinyEmitter<byte[]> channel,
            WriteAhead trail,
            Tickets tickets,
            Reading reading,
            GatewaySettings settings) {
        AuditedLine line = new AuditedLine(
                new CommandLine(channel, reading.bus()::silence),
                trail,
                name -> reading.views()
                        .cluster(name.value())
                        .map(ClusterState::uid)
                        .orElse(ClusterUid.FLEET),
                InstantSource.system());
        return new Desk(
                line,
                reading.bus(),
                tickets,
                () -> new CommandId(UUID.randomUUID().toString()),
                new Desk.Limits(InstantSource.system(), settings.answerWithin(), settings.orderValid()));
    }

    /** The views and who keeps them, as one parameter. */
    record Reading(StateViews views, BusReading bus) {}

    @Produces
    @Singleton
    Reading both(StateViews views, BusReading bus) {
        return new Reading(views, bus);
    }

    @Produces
    @Singleton
    Opening opening(BusSettings bus, Reading reading, Opening.Tokens tokens, InstantSource clock) {
        return new Opening(bus, reading.bus(), reading.views(), tokens, clock);
    }

    @Produces
    @Singleton
    Opening.Tokens firstTokens(Home home, TokenTopic topic, WriteAhead trail, SecureRandom random) {
        return new Opening.Tokens(home, topic, trail, random);
    }

    @Produces
    @Singleton
    Fleet fleet(StateViews views, BusReading reading) {
        return new Fleet(views, reading);
    }

    @Produces
    @Singleton
    Writes writes(Desk desk) {
        return new Writes(desk);
    }

    @Produces
    @Singleton
    Unsealing unsealing(@ConfigProperty(name = "redfleet.home") Path home) {
        return new Unsealing(home);
    }

    @Produces
    @Singleton
    Mint mint(SecureRandom random, Home home) {
        return new Mint(random, home::tokenKey);
    }

    @Produces
    @Singleton
    TokenDesk tokenDesk(StateViews views, TokenTopic topic, WriteAhead trail, Mint mint, InstantSource clock) {
        return new TokenDesk(views, topic, trail, mint, clock);
    }

    @Produces
    @Singleton
    Trail trail(
            @ConfigProperty(name = "redfleet.audit-url") URI service,
            Home home,
            Fleet fleet,
            GatewaySettings settings) {
        return new Trail(service, home::auditKey, settings.auditWithin(), fleet);
    }

    void close(@Disposes Trail trail) {
        trail.close();
    }

    @Produces
    @Singleton
    Streams streams(Hub hub, Door door, GatewaySettings settings, InstantSource clock) {
        return new Streams(
                hub,
                new Audience(settings.streamsPerToken()),
                caller -> door.stillOpen(caller, clock.instant()),
                new Streams.Times(settings.heartbeat(), settings.slowestListener()));
    }

    void close(@Disposes Streams streams) {
        streams.close();
    }
}
