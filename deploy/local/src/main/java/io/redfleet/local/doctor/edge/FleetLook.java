package io.redfleet.local.doctor.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.cli.verb.Pages;
import io.redfleet.contracts.cluster.WatchMode;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.contracts.wire.Actor;
import io.redfleet.contracts.wire.ServiceName;
import io.redfleet.local.Home;
import io.redfleet.local.Ports;
import io.redfleet.local.doctor.BrakeCheck;
import io.redfleet.local.doctor.Finding;
import io.redfleet.local.doctor.FleetCheck;
import io.redfleet.local.doctor.MachineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks the gateway for the fleet; each cluster's plan makes the provisioner look at its hosts. */
final class FleetLook {
    /** In these the monitor asks for nothing. */
    private static final Set<String> PASSIVE = Set.of(WatchMode.ALERT_ONLY.name(), WatchMode.OBSERVE.name());

    private final Home home;
    private final Ports ports;

    FleetLook(Home home, Ports ports) {
        this.home = home;
        this.ports = ports;
    }

    List<Finding> findings(boolean gateway) throws IOException {
        List<Finding> found = new ArrayList<>();
        boolean off = here(found);
        if (!gateway) {
            found.add(Finding.unseen("fleet", "gateway", "does not run, so no host can be looked at"));
            return found;
        }
        switch (Bearer.from(home.adminToken())) {
            case Bearer.Read.Refused refused -> found.add(FleetCheck.gateway(Optional.of(refused.reason())));
            case Bearer.Read.Found token -> ask(token.bearer(), off, found);
        }
        return found;
    }

    private void ask(Bearer bearer, boolean off, List<Finding> found) {
        LocalGateway here = new LocalGateway(home.root(), ports.gateway());
        switch (here.trust()) {
            case Trust.Read.Refused refused -> found.add(FleetCheck.silent(refused.reason()));
            case Trust.Read.Found trust -> {
                try (Gateway gateway = new Gateway(here.url(), bearer, trust.trust())) {
                    ask(gateway, off, found);
                }
            }
        }
    }

    /** @return whether this machine does nothing automatic at all */
    private boolean here(List<Finding> found) {
        Path all = home.root().resolve("disarmed");
        boolean whole = !Files.notExists(all);
        if (whole) {
            found.add(BrakeCheck.file(all.toString(), Files.isRegularFile(all), text(all)));
        }
        LocalBrakes files = BrakeFiles.labels(home.root());
        boolean unclear = !files.everywhere().isEmpty();
        if (unclear) {
            Path labels = home.root().resolve("disarmed.labels");
            boolean readable = Files.isDirectory(labels) && Files.isReadable(labels);
            found.add(BrakeCheck.entries(files.everywhere(), labels.toString(), readable));
        }
        files.labels()
                .forEach(label -> found.add(BrakeCheck.label(label.value(), "a file on this machine", true, whole)));
        return whole || unclear;
    }

    private static String text(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readString(file).strip() : "";
        } catch (IOException e) {
            return "for a reason that cannot be read";
        }
    }

    /** @param off whether this machine does nothing automatic at all */
    private void ask(Gateway gateway, boolean off, List<Finding> found) {
        switch (gateway.get("/fleet", Map.of())) {
            case Answer.Unreachable silent -> found.add(FleetCheck.silent(silent.reason()));
            case Answer.Refused refused -> found.add(FleetCheck.refused(refused.status(), refused.title()));
            case Answer.Done done -> {
                found.add(FleetCheck.gateway(Optional.empty()));
                brakes(done.body(), off, found);
                clusters(gateway, found);
            }
        }
    }

    private static void brakes(JsonNode fleet, boolean off, List<Finding> found) {
        JsonNode brake = fleet.path("brake");
        JsonNode labels = brake.path("labelled").path("brakes");
        Actor actor = new Actor(
                brake.path("actor").path("name").asText(),
                brake.path("actor").path("tokenId").asText());
        BrakeCheck.Kept kept = new BrakeCheck.Kept(
                brake.path("disarmed").asBoolean(),
                brake.path("reason").asText(),
                actor.name(),
                actor.equals(Actor.self(ServiceName.MONITOR)),
                fleet.path("stale").asBoolean());
        found.add(BrakeCheck.kept(kept, !labels.isEmpty()));
        for (JsonNode label : labels) {
            String why = label.path("reason").asText() + " ("
                    + label.path("actor").path("name").asText() + ", since "
                    + label.path("since").asText() + ")";
            found.add(BrakeCheck.label(label.path("label").asText(), why, false, off || kept.disarmed()));
        }
    }

    private void clusters(Gateway gateway, List<Finding> found) {
        Set<String> credentials = new TreeSet<>();
        if (!(Pages.upTo(Pages.MOST, gateway, "/clusters", Map.of()) instanceof Answer.Done all)) {
            found.add(Finding.unseen("fleet", "clusters", "the gateway does not list them"));
            return;
        }
        for (JsonNode item : all.body().path("items")) {
            cluster(gateway, item.path("name").asText(), credentials, found);
        }
        found.addAll(MachineCheck.needed(credentials.stream()
                .map(name -> home.credentials().resolve(name))
                .map(file -> new MachineCheck.NeededFile(
                        file.toString(),
                        "a private key or a password that a spec names",
                        Files.exists(file),
                        "put it there, mode 0600; ./redfleet restore FILE --with-keys has it if that backup does"))
                .toList()));
    }

    /** @param credentials files that specs name, below the directory of credentials */
    private static void cluster(Gateway gateway, String cluster, Set<String> credentials, List<Finding> found) {
        String path = "/clusters/" + Gateway.segment(cluster);
        List<String> hosts = new ArrayList<>();
        if (gateway.get(path, Map.of()) instanceof Answer.Done card) {
            JsonNode spec = card.body().path("spec");
            String password =
                    spec.path("security").path("probe").path("credential").asText("");
            if (!password.isEmpty()) {
                credentials.add("probes/" + password);
            }
            if (spec.path("manage").asText().equals("OBSERVE")) {
                found.add(FleetCheck.observed(cluster));
                return;
            }
            String mode = spec.path("watch").path("mode").asText();
            if (PASSIVE.contains(mode)) {
                found.add(FleetCheck.mode(cluster, mode.toLowerCase(Locale.ROOT).replace('_', '-')));
            }
            for (JsonNode host : spec.path("hosts")) {
                hosts.add(host.path("name").asText());
                String credential = host.path("ssh").path("credential").asText("");
                if (!credential.isEmpty()) {
                    credentials.add("ssh/" + credential);
                }
            }
        }
        switch (gateway.get(path + "/plan", Map.of())) {
            case Answer.Done plan -> {
                List<String> obstacles = new ArrayList<>();
                plan.body().path("obstacles").forEach(each -> obstacles.add(each.asText()));
                found.addAll(FleetCheck.cluster(cluster, hosts, obstacles));
            }
            case Answer.Refused refused ->
                found.add(Finding.unseen("fleet", cluster, "its hosts were not looked at: " + refused.detail()));
            case Answer.Unreachable silent ->
                found.add(Finding.unseen("fleet", cluster, "its hosts were not looked at: " + silent.reason()));
        }
    }
}
