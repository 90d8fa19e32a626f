package io.redfleet.local.demo;

import io.redfleet.local.StartRefused;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host as the script tells it that boots them.
 *
 * @param hostKey type and base64
 */
record BootedHost(DemoHost host, String hostKey) {
    private static final Pattern LINE =
            Pattern.compile("(r[1-9]) ((?:\\d{1,3}\\.){3}\\d{1,3}) (ssh-ed25519 [A-Za-z0-9+/]{60,100}={0,2})");

    /**
     * @param count how many there have to be: r1, r2 and so on
     * @throws StartRefused if the text is not just these, in this order
     */
    static List<BootedHost> read(String text, int count) throws StartRefused {
        List<BootedHost> hosts = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher found = LINE.matcher(line);
            if (!found.matches() || !found.group(1).equals("r" + (hosts.size() + 1))) {
                throw new StartRefused("the hosts were told in a line that is none: " + line);
            }
            hosts.add(new BootedHost(new DemoHost(found.group(1), found.group(2)), found.group(3)));
        }
        if (hosts.size() != count) {
            throw new StartRefused(hosts.size() + " hosts were told, not " + count);
        }
        return hosts;
    }
}
