package io.redfleet.provisioner.engine;

import io.redfleet.contracts.cluster.RedisSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Redis, or Valkey, which was made of Redis 7.2.4: it speaks the same protocol and reads the same directives. All of either is one
 * program that looks at the name by which it was called.
 */
public enum Engine {
    /** ACL, hostnames and the coordinated failover came with 6.2 (requirement R62). */
    REDIS("redis", "Redis", 6, 2),
    /** It has no release before that. */
    VALKEY("valkey", "Valkey", 7, 2);

    private static final Pattern VERSION = Pattern.compile("(\\d{1,3})(?:\\.(\\d{1,3})(?:\\..*)?)?");
    /** Of INFO. Valkey says {@code redis_version} too: that of the Redis which it is compatible with, for ever. */
    private static final String ITS_VERSION = "valkey_version";

    private final String word;
    private final String title;
    private final int leastMajor;
    private final int leastMinor;

    Engine(String word, String title, int leastMajor, int leastMinor) {
        this.word = word;
        this.title = title;
        this.leastMajor = leastMajor;
        this.leastMinor = leastMinor;
    }

    /** What a spec wants. Every spec that was read names one of them. */
    public static Engine of(RedisSpec redis) {
        return named(redis.engine()).orElse(REDIS);
    }

    /** By the word of a spec; empty for any other. */
    public static Optional<Engine> named(String word) {
        return Arrays.stream(values())
                .filter(engine -> engine.word.equals(word))
                .findFirst();
    }

    /** The words of a spec. */
    public static List<String> words() {
        return Arrays.stream(values()).map(Engine::word).toList();
    }

    /** What an instance is that says this by INFO; empty where it says no version. */
    public static Optional<Engine> saying(Map<String, String> info) {
        if (info.containsKey(ITS_VERSION)) {
            return Optional.of(VALKEY);
        }
        return info.containsKey("redis_version") ? Optional.of(REDIS) : Optional.empty();
    }

    /** The version of an instance that says this by INFO, as its engine counts; empty where it says none. */
    public static String version(Map<String, String> info) {
        return info.getOrDefault(ITS_VERSION, info.getOrDefault("redis_version", ""));
    }

    /** As a spec has it, and scripts. */
    public String word() {
        return word;
    }

    /** For people. */
    public String title() {
        return title;
    }

    /** What a data node is called, as a program. */
    public String server() {
        return word + "-server";
    }

    /** What a Sentinel is called, as a program. */
    public String sentinel() {
        return word + "-sentinel";
    }

    /** The one name by which Debian's packages of tools bring the program. */
    public String checker() {
        return word + "-check-rdb";
    }

    /** What asks an instance. Either asks both. */
    public String client() {
        return word + "-cli";
    }

    /** Whether a version is managed, or some version that begins so; what is no version is not. */
    public boolean manages(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return false;
        }
        int major = Integer.parseInt(parts.group(1));
        String minor = parts.group(2);
        return major > leastMajor || (major == leastMajor && (minor == null || Integer.parseInt(minor) >= leastMinor));
    }

    /** Which versions are, for people. */
    public String rule() {
        return title + " is managed from " + leastMajor + "." + leastMinor + " on";
    }

    /** What a script is told: its words, and after them this engine's, unless that is what scripts take for granted. */
    public List<String> after(List<String> words) {
        List<String> all = new ArrayList<>(words);
        if (this != REDIS) {
            all.add(word);
        }
        return List.copyOf(all);
    }
}
