/**
 * {@code ./redfleet apply} by the whole stack, measured: on many hosts, and beside Ansible, where one checker says for both when
 * the cluster stands, and the hosts' own logs how often they were spoken to.
 */
@NullMarked
package io.redfleet.bench.apply;

import org.jspecify.annotations.NullMarked;
