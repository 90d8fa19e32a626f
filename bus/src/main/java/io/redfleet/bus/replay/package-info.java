/**
 * Reading topics without a group: from the beginning to build a view, from the end or from given offsets to follow what
 * happens. Knows when it has caught up, and can wait until a given record has been passed.
 */
@NullMarked
package io.redfleet.bus.replay;

import org.jspecify.annotations.NullMarked;
