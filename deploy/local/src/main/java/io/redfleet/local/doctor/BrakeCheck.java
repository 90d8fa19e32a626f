package io.redfleet.local.doctor;

import io.redfleet.contracts.health.LabelBrakes;

/**
 * Judges the brakes, and says of each what ends it. None ends another: an order ends what the gateway keeps under its name, and the
 * file of this machine that has that name; what is not understood among those files is ended by hand alone.
 */
public final class BrakeCheck {
    private static final String AREA = "fleet";
    private static final String SUBJECT = "brake";
    private static final String GONE = "when the reason is gone: ";
    private static final String GONE_HERE = "when the reason is gone, on this machine: ";
    private static final String REARM = "redfleet rearm";

    private BrakeCheck() {}

    /**
     * The brake of the whole fleet, as the gateway has it.
     *
     * @param by who put it on, or took it off
     * @param tripped whether that was Redfleet itself, by what it saw of the fleet
     * @param old whether the gateway reads nothing at the moment, so that this may be over
     */
    public record Kept(boolean disarmed, String reason, String by, boolean tripped, boolean old) {}

    /** @param labels whether some are disarmed beside it */
    public static Finding kept(Kept brake, boolean labels) {
        if (brake.disarmed()) {
            String before = brake.tripped()
                    ? "redfleet alerts says what is bad; once that is mended, or you know what it is: "
                    : GONE;
            String after = brake.tripped()
                    ? ". What is bad by then does not put it on again, but what goes bad after that can"
                    : "";
            String stay = labels ? "; labels that are disarmed stay so" : "";
            return Finding.wrong(
                    AREA,
                    SUBJECT,
                    "automatic action is off: " + brake.reason() + " (" + brake.by() + ")",
                    before + REARM + stay + after);
        }
        return brake.old()
                ? Finding.unseen(AREA, SUBJECT, "the gateway reads nothing at the moment, and what it knows may be old")
                : Finding.well(AREA, SUBJECT, "the gateway keeps none for the whole fleet");
    }

    /**
     * What holds everything on this machine under the name of a file, with or without a gateway.
     *
     * @param plain whether it is a file, so that the order can remove it
     * @param says what stands in it; may be empty
     */
    public static Finding file(String path, boolean plain, String says) {
        String why = says.isEmpty() ? path + " stands" : says + " (the file " + path + ")";
        return Finding.wrong(
                AREA,
                SUBJECT,
                "automatic action is off on this machine: " + why,
                plain
                        ? GONE_HERE + REARM
                                + ", which removes the file and ends what the gateway keeps for the whole fleet"
                        : "it is no plain file, and no order is sure to remove it: when the reason is gone, first remove "
                                + path + " by hand, then " + REARM + " ends what the gateway keeps");
    }

    /**
     * What holds everything on this machine because it is not understood.
     *
     * @param directory of the entries for labels
     * @param readable whether it is one, and can be read
     */
    public static Finding entries(String why, String directory, boolean readable) {
        return Finding.wrong(
                AREA,
                SUBJECT,
                "automatic action is off on this machine: " + why,
                "first " + byHand(directory, readable)
                        + "; as long as it is so rearm of the fleet lets nothing go on here");
    }

    /** What has to be done where no order ends it: rearm takes away named labels alone. */
    public static String byHand(String directory, boolean readable) {
        return readable
                ? "remove by hand from " + directory + " what names no label, and whatever else makes more than "
                        + LabelBrakes.MOST + " entries; redfleet rearm alone leaves them there"
                : "remove " + directory + " by hand, or make it a directory that can be read";
    }

    /**
     * @param why by whom it is disarmed, since when
     * @param here whether by a file of this machine
     * @param whole whether the whole fleet is off besides
     */
    public static Finding label(String label, String why, boolean here, boolean whole) {
        String besides = whole ? "; the whole fleet is off besides, which that does not end" : "";
        return Finding.wrong(
                AREA,
                SUBJECT + " " + label,
                "automatic action is off in clusters with this label: " + why,
                (here ? GONE_HERE : GONE) + REARM + " --label " + label + besides);
    }
}
