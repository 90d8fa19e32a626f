/**
 * {@code ./redfleet doctor}: what is wrong with an installation, and what to do about it. Decides from what was seen;
 * looking is done in {@code edge}. Changes nothing, and repeats no secret.
 */
@NullMarked
package io.redfleet.local.doctor;

import org.jspecify.annotations.NullMarked;
