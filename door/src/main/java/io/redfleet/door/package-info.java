/**
 * Who may look into a running service. Decides what a port that every user of the machine can reach shows to whom, under
 * {@code /q} and nowhere else; what the gateway's callers may do is decided in its {@code access}.
 */
@NullMarked
package io.redfleet.door;

import org.jspecify.annotations.NullMarked;
