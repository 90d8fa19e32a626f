/** What the measurements beside Ansible read and add up. */
@NullMarked
package io.redfleet.bench.apply;

import org.jspecify.annotations.NullMarked;
