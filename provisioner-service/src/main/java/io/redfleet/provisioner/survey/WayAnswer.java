package io.redfleet.provisioner.survey;

/**
 * What became of a connection that a host began to an endpoint.
 *
 * @param words what the host says of one that failed in another way than those that have a name; else empty
 */
public record WayAnswer(Kind kind, String words) {
    /** How it ended. */
    public enum Kind {
        /** It was taken. */
        OPEN,
        /** By a reset: nobody listens there, or something on the way says so. */
        REFUSED,
        /** Whatever was sent was swallowed. */
        SILENT,
        /** No route leads there, or something on the way says so. */
        UNREACHABLE,
        /** The host itself does not let it out. */
        FORBIDDEN,
        /** In another way. */
        FAILED
    }

    private static final String FAILED = "failed ";

    /** As ways.sh has it. */
    static WayAnswer read(String said) {
        return switch (said) {
            case "open" -> new WayAnswer(Kind.OPEN, "");
            case "refused" -> new WayAnswer(Kind.REFUSED, "");
            case "silent" -> new WayAnswer(Kind.SILENT, "");
            case "unreachable" -> new WayAnswer(Kind.UNREACHABLE, "");
            case "forbidden" -> new WayAnswer(Kind.FORBIDDEN, "");
            default -> new WayAnswer(Kind.FAILED, said.startsWith(FAILED) ? said.substring(FAILED.length()) : said);
        };
    }
}
