/**
 * Verbs about what a cluster should be: apply, plan, adopt (a draft of what runs), list, show, delete, info, operations.
 *
 * <p>They send what the operator wrote and never fill in or correct a spec.
 */
@NullMarked
package io.redfleet.cli.verb.cluster;

import org.jspecify.annotations.NullMarked;
