package io.redfleet.provisioner.apply;

import io.redfleet.contracts.cluster.ClusterState;
import io.redfleet.contracts.cluster.InstanceId;
import io.redfleet.provisioner.plan.Action;
import io.redfleet.provisioner.plan.Step;
import io.redfleet.provisioner.secret.Login;
import io.redfleet.provisioner.survey.Place;
import io.redfleet.provisioner.tuning.TuningPart;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Steps that nobody has planned, on a cluster on three hosts whose instances systemd runs. */
final class Steps {
    static final ClusterState CLUSTER = Scripted.inDirectories(Map.of("service", "systemd"));

    private static final String OWNER = "mark";

    private Steps() {}

    static Step prepare(String id) {
        Place place = place(id);
        String directory = place.directory();
        return step(id, "prepare", new Action.Prepare(place, "/base/r1", directory, OWNER, "/usr/bin/redis-server"));
    }

    static Step tune(String id, TuningPart part) {
        Place place = place(id);
        String host = place.host().name().value();
        return step(host, "tuning/" + part.word(), new Action.Tune(place, "/base/r1", "u", part, List.of(), List.of()));
    }

    static Step note(String id) {
        Place place = place(id);
        return step(id, "revision", new Action.Note(place, place.directory(), OWNER, "u", 1));
    }

    static Step file(String id) {
        Place place = place(id);
        return step(id, "config", new Action.WriteNew(place, place.directory() + "/redis.conf", "port 6379\n"));
    }

    /** Of an instance that no init runs: the SSH user writes it. */
    static Step upload(String id) {
        Place place = Place.of(Scripted.cluster().spec(), new InstanceId(id), Login.NONE);
        return step(id, "config", new Action.WriteNew(place, place.directory() + "/redis.conf", "port 6379\n"));
    }

    static Step guard(String id) {
        return step(id, "guard", new Action.Guard(place(id), path(id, "guard"), "secret\n#!/bin/sh\n", OWNER));
    }

    static Step unit(String id, boolean boot) {
        return step(id, "unit", new Action.Unit(place(id), path(id, "service"), "text of " + id, OWNER, boot));
    }

    static Step start(String id) {
        Place place = place(id);
        return step(id, "start", new Action.Start(place, "/base/r1", place.directory(), Duration.ofSeconds(30)));
    }

    /** Where a unit of that instance lies, or what belongs to it. */
    static String path(String id, String kind) {
        return "/etc/systemd/system/redfleet-orders-" + new InstanceId(id).name() + "." + kind;
    }

    static Place place(String id) {
        return Place.of(CLUSTER.spec(), new InstanceId(id), Login.NONE);
    }

    private static Step step(String id, String what, Action action) {
        return new Step(id + "/" + what, what + " " + id, List.of(), action);
    }
}
