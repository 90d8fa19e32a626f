package io.redfleet.gateway.live;

/**
 * One event on its way to listeners.
 *
 * @param cluster the cluster it is about, or {@code _fleet}
 * @param uid that cluster for life; empty if the event does not say
 * @param type its short name, as {@code instance.down}
 * @param json the event as REST shows it, on one line
 */
public record Happening(int partition, long offset, String cluster, String uid, String type, String json) {}
