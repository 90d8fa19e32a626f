package io.redfleet.local.doctor.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.redfleet.bus.brake.BrakeFiles;
import io.redfleet.cli.gateway.Answer;
import io.redfleet.cli.gateway.Bearer;
import io.redfleet.cli.gateway.Gateway;
import io.redfleet.cli.gateway.LocalGateway;
import io.redfleet.cli.gateway.Trust;
import io.redfleet.cli.verb.Pages;
import io.redfleet.contracts.health.LocalBrakes;
import io.redfleet.local.Home;
import io.redfleet.local.Ports;
import io.redfleet.local.doctor.Finding;
import io.redfleet.local.doctor.FleetCheck;
import io.redfleet.local.doctor.MachineCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks the gateway for the fleet; each cluster's plan makes the provisioner look at its hosts. */
final class FleetLook {
    private final Home home;
    private final Ports ports;

    FleetLook(Home home, Ports ports) {
        this.home = home;
        this.ports = ports;
    }

    List<Finding> findings(boolean gateway) throws IOException {
        List<Finding> found = new ArrayList<>();
        Path disarmed = home.root().resolve("disarmed");
        if (Files.exists(disarmed)) {
            found.add(FleetCheck.brake(Optional.of(
                    Files.readString(disarmed).strip() + " (the file " + disarmed + ", pulled on this machine)")));
        } else {
            here(BrakeFiles.read(home.root()), found);
        }
        if (!gateway) {
            found.add(Finding.unseen("fleet", "gateway", "does not run, so no host can be looked at"));
            return found;
        }
        switch (Bearer.from(home.adminToken())) {
            case Bearer.Read.Refused refused -> found.add(FleetCheck.gateway(Optional.of(refused.reason())));
            case Bearer.Read.Found token -> ask(token.bearer(), found);
        }
        return found;
    }

    private void ask(Bearer bearer, List<Finding> found) {
        LocalGateway here = new LocalGateway(home.root(), ports.gateway());
        switch (here.trust()) {
            case Trust.Read.Refused refused -> found.add(FleetCheck.gateway(Optional.of(refused.reason())));
            case Trust.Read.Found trust -> ask(new Gateway(here.url(), bearer, trust.trust()), found);
        }
    }

    private static void here(LocalBrakes files, List<Finding> found) {
        if (!files.everywhere().isEmpty()) {
            found.add(FleetCheck.brake(Optional.of(files.everywhere())));
        }
        files.labels().forEach(label -> found.add(FleetCheck.label(label.value(), "a file on this machine")));
    }

    private void ask(Gateway gateway, List<Finding> found) {
        switch (gateway.get("/fleet", Map.of())) {
            case Answer.Unreachable silent -> found.add(FleetCheck.gateway(Optional.of(silent.reason())));
            case Answer.Refused refused ->
                found.add(FleetCheck.gateway(Optional.of("refuses the admin token: " + refused.title())));
            case Answer.Done done -> {
                found.add(FleetCheck.gateway(Optional.empty()));
                JsonNode brake = done.body().path("brake");
                boolean off = brake.path("disarmed").asBoolean();
                found.add(FleetCheck.brake(
                        off
                                ? Optional.of(brake.path("reason").asText() + " ("
                                        + brake.path("actor").path("name").asText() + ")")
                                : Optional.empty()));
                for (JsonNode label : brake.path("labelled").path("brakes")) {
                    found.add(FleetCheck.label(
                            label.path("label").asText(),
                            label.path("reason").asText() + " ("
                                    + label.path("actor").path("name").asText() + ", since "
                                    + label.path("since").asText() + ")"));
                }
                clusters(gateway, found);
            }
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
