/** Who is told when, and who is not. */
@NullMarked
package io.redfleet.alert.notice;

import org.jspecify.annotations.NullMarked;
