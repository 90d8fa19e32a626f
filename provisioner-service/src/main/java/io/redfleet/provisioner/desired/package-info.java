/**
 * Specs: read, judge, accept or refuse.
 *
 * <p>Decides whether a document is a spec that this release can make true, with every broken rule named, and whether it
 * may follow the one that stands. Never asks a host: whether an address is free is seen at preflight.
 */
@NullMarked
package io.redfleet.provisioner.desired;

import org.jspecify.annotations.NullMarked;
