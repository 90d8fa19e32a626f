/**
 * Whether a cluster is as its spec says and as it is safe, rule by rule: what the rules are, and how each is judged by what was
 * found on the hosts.
 *
 * <p>Changes nothing on a host and writes no key. Who asks, and what follows from a broken rule, is {@code apply} and
 * {@code order}.
 */
@NullMarked
package io.redfleet.provisioner.verify;

import org.jspecify.annotations.NullMarked;
