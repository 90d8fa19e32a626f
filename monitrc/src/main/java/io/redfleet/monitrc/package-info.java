/**
 * Monit's language, as of Monit 5.33: control files are read into plain values and written from them. No file is opened here
 * and nothing is judged.
 *
 * <p>What Redfleet does not do is a {@link io.redfleet.monitrc.Fault} with its place and with what to use instead; nothing is
 * passed over in silence.
 */
@NullMarked
package io.redfleet.monitrc;

import org.jspecify.annotations.NullMarked;
