package io.redfleet.provisioner.desired;

import io.redfleet.contracts.cluster.ClusterSpec;
import io.redfleet.contracts.cluster.Endpoint;
import io.redfleet.contracts.cluster.HostName;
import io.redfleet.contracts.cluster.HostSpec;
import io.redfleet.contracts.cluster.InstanceRole;
import io.redfleet.contracts.cluster.InstanceSpec;
import io.redfleet.contracts.cluster.OwnPlace;
import io.redfleet.contracts.cluster.SshSpec;
import io.redfleet.provisioner.reach.Addresses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The hosts of a spec and the instances on them. */
final class HostReader {
    /** Written in one way only: 10.0.0.01 would be another text for the same host, and none that a key's limits know. */
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

    private static final Pattern USER = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");
    /** A name that ends so is that of a key's limits. */
    private static final Pattern CREDENTIAL = Pattern.compile("(?!.*\\.properties$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final Pattern HOST_KEY =
            Pattern.compile("(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]{40,1000}={0,2}");
    private static final Pattern DIRECTORY = Pattern.compile("/?[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+){0,20}");
    private static final Pattern HIDDEN = Pattern.compile("^/(home|root|run|tmp|var/tmp|dev|proc|sys)(/|$)");
    private static final Pattern INSTANCE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Pattern ZONE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final String ADDRESS_RULE =
            "must be an IPv4 address of one host (host names and IPv6 are not supported in this release)";
    private static final List<String> ROLES = List.of("redis", "sentinel");

    private final int redisPort;
    private final int sentinelPort;
    private final String directory;

    private final String service;

    private HostReader(int redisPort, int sentinelPort, String directory, String service) {
        this.redisPort = redisPort;
        this.sentinelPort = sentinelPort;
        this.directory = directory;
        this.service = service;
    }

    /** @param service what runs the instances: init does as a user of its own who has no home to speak of */
    static List<HostSpec> read(Fields spec, int redisPort, int sentinelPort, String service) {
        String otherwise = byInit(service) ? "/var/lib/redfleet" : "redfleet";
        HostReader reader = new HostReader(redisPort, sentinelPort, directory(spec, otherwise, service), service);
        List<HostSpec> hosts = new ArrayList<>();
        for (Fields host : spec.objects("hosts")) {
            hosts.add(reader.host(host, "host-" + (hosts.size() + 1)));
        }
        if (!spec.has("hosts") || spec.isEmptyList("hosts")) {
            spec.broken().rule(spec.path("hosts"), spec.has("hosts") ? hosts : "", "must name at least one host");
        }
        return hosts;
    }

    private static boolean byInit(String service) {
        return List.of(ClusterSpec.SYSTEMD, ClusterSpec.SYSV).contains(service);
    }

    private static String directory(Fields fields, String otherwise, String service) {
        String rule = "must be a path of letters, digits, dots, dashes and underscores";
        String path = fields.text("directory", otherwise, DIRECTORY, rule);
        if (List.of(path.split("/", -1)).contains("..")) {
            fields.broken().rule(fields.path("directory"), path, "must not contain ..");
            return otherwise;
        }
        if (byInit(service) && !path.startsWith("/")) {
            String absolute = "must be absolute with service: " + service + ", which knows no home directory";
            fields.broken().rule(fields.path("directory"), path, absolute);
            return otherwise;
        }
        if (byInit(service) && List.of(path.split("/", -1)).contains(".")) {
            String what = service.equals(ClusterSpec.SYSV) ? "init scripts" : "units";
            String plain = "must not contain /./ with service: " + service + ", whose " + what + " name it";
            fields.broken().rule(fields.path("directory"), path, plain);
            return otherwise;
        }
        if (byInit(service) && HIDDEN.matcher(path).find()) {
            String why = service.equals(ClusterSpec.SYSV)
                    ? "redis may not enter them, or they are gone after a boot"
                    : "its units do not see them, or they are gone after a boot";
            String hidden = "must not be below /home, /root, /run, /tmp, /var/tmp, /dev, /proc or /sys with service: "
                    + service + ": " + why;
            fields.broken().rule(fields.path("directory"), path, hidden);
            return otherwise;
        }
        return path;
    }

    private HostSpec host(Fields host, String otherwise) {
        String name = host.text("name", "");
        if (!HostName.allowed(name)) {
            host.broken().rule(host.path("name"), name, "must be letters, digits, dots, dashes or underscores");
        }
        String address = address(host, "address");
        String zone = host.text("zone", "", ZONE, "must be letters, digits, dots, dashes or underscores");
        SshSpec ssh = ssh(host.object("ssh"), address);
        String where = directory(host, directory, service);
        List<InstanceSpec> instances = instances(host, address);
        host.end();
        HostName hostName = new HostName(HostName.allowed(name) ? name : otherwise);
        return new HostSpec(hostName, address, zone, ssh, where, instances);
    }

    static SshSpec ssh(Fields ssh, String address) {
        String user = ssh.text("user", "redfleet", USER, "must be a user name");
        int port = ssh.whole("port", 22, 1, 65535);
        String credentialRule = "must be the name of a key in the credentials directory, not a key or a path";
        String credential = ssh.text("credential", "default", CREDENTIAL, credentialRule);
        String hostKey = ssh.text("hostKey", "", HOST_KEY, "must be a public key: type and base64, no comment");
        if (!hostKey.isEmpty() && !PublicKey.isWhole(hostKey)) {
            ssh.broken().rule(ssh.path("hostKey"), hostKey, "must be a whole public key; this one is cut or altered");
        }
        String via = ViaRules.read(ssh, address, port);
        ssh.end();
        return new SshSpec(user, port, credential, hostKey.isEmpty() ? null : hostKey, via);
    }

    private List<InstanceSpec> instances(Fields host, String address) {
        boolean shortForm = host.has("roles");
        List<String> roles = host.words("roles", ROLES);
        List<Fields> listed = host.objects("instances");
        if (shortForm && !listed.isEmpty()) {
            host.broken().rule(host.path("roles"), roles, "either roles or instances, not both");
        }
        if (!listed.isEmpty()) {
            return listed.stream().map(fields -> instance(fields, address)).toList();
        }
        String named = shortForm ? "roles" : "instances";
        if (host.isEmptyList(named)) {
            host.broken().rule(host.path(named), List.of(), "a host carries at least one instance");
        }
        List<String> wanted = shortForm ? roles : ROLES;
        return wanted.stream().distinct().map(role -> usual(role, address)).toList();
    }

    private InstanceSpec usual(String role, String address) {
        int port = role.equals("redis") ? redisPort : sentinelPort;
        return new InstanceSpec(
                role.equals("redis") ? "redis-server" : "redis-sentinel",
                InstanceRole.valueOf(role.toUpperCase(Locale.ROOT)),
                port,
                100,
                endpoint(address, port));
    }

    private InstanceSpec instance(Fields fields, String address) {
        String role = fields.choice("role", "redis", ROLES);
        InstanceSpec usual = usual(role, address);
        String name = fields.text("name", usual.name(), INSTANCE, "must match [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
        int port = fields.whole("port", usual.port(), 1, 65535);
        int priority = fields.whole("replicaPriority", 100, 0, 1_000_000);
        Fields announce = fields.object("announce");
        String ip = announce.has("ip") ? address(announce, "ip") : announce.text("ip", address);
        int announcedPort = announce.whole("port", port, 1, 65535);
        announce.end();
        OwnPlace at = AdoptRules.read(fields);
        fields.end();
        return new InstanceSpec(name, usual.role(), port, priority, endpoint(ip, announcedPort), at);
    }

    /** Where the address is wrong the spec is refused anyway; the record only needs something to hold. */
    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(address.isBlank() ? "0.0.0.0" : address, port);
    }

    static String address(Fields fields, String key) {
        String address = fields.text(key, "");
        if (!isOneHost(address)) {
            fields.broken().rule(fields.path(key), address, ADDRESS_RULE);
            return address;
        }
        Addresses.literal(address)
                .flatMap(Addresses::never)
                .ifPresent(rule -> fields.broken().rule(fields.path(key), address, rule));
        return address;
    }

    /** Whether it is an IPv4 address of one host, written in the one way. */
    static boolean isOneHost(String address) {
        return IPV4.matcher(address).matches()
                && !address.startsWith("0.")
                && Integer.parseInt(address.substring(0, address.indexOf('.'))) < 224;
    }
}
