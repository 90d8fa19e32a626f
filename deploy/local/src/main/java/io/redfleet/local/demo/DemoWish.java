package io.redfleet.local.demo;

import io.redfleet.local.Ports;
import java.util.Map;

/**
 * What the demo is asked for.
 *
 * @param hosts whether its hosts are to boot systemd
 * @param down whether it is to end instead
 */
record DemoWish(boolean hosts, boolean down, Ports ports) {
    private static final String OFFSET = "--port-offset";

    /** @throws IllegalArgumentException that names the word which nobody knows, or the offset that is none */
    static DemoWish of(String[] words, Map<String, String> environment) {
        boolean hosts = false;
        boolean down = false;
        for (int i = 0; i < words.length; i++) {
            String word = words[i];
            if (word.equals(OFFSET)) {
                i++;
                if (i == words.length) {
                    throw new IllegalArgumentException(OFFSET + " needs a number");
                }
            } else if (word.equals("--hosts")) {
                hosts = true;
            } else if (word.equals("--down")) {
                down = true;
            } else if (!word.startsWith(OFFSET + "=")) {
                throw new IllegalArgumentException(
                        "unknown word " + word + "; known: --hosts, --down, " + OFFSET + " N");
            }
        }
        return new DemoWish(hosts, down, Ports.of(words, environment));
    }
}
