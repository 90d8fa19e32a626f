package io.redfleet.provisioner.survey;

import java.util.List;
import java.util.function.UnaryOperator;

/** What a host says of the ways that it is asked for. */
public final class SaidWays {
    private SaidWays() {}

    /**
     * As ways.sh has it.
     *
     * @param arguments of that script
     * @param became of a way, by address and port with a blank between
     */
    public static String said(List<String> arguments, UnaryOperator<String> became) {
        StringBuilder said = new StringBuilder();
        for (int i = 2; i + 1 < arguments.size(); i += 2) {
            String way = arguments.get(i) + " " + arguments.get(i + 1);
            said.append("way=")
                    .append(way)
                    .append(' ')
                    .append(became.apply(way))
                    .append('\n');
        }
        return said.append("ways.end=yes\n").toString();
    }
}
