/**
 * What a cluster is asked to be, and how far it got.
 *
 * <p>The types here are the accepted form of a spec: complete, defaults filled in, already judged. Reading what
 * a person wrote, and refusing it, belongs to the provisioner; nothing here parses.
 */
@NullMarked
package io.redfleet.contracts.cluster;

import org.jspecify.annotations.NullMarked;
