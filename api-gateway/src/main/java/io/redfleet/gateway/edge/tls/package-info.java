/**
 * The certificate of this gateway's listeners: read from two files, judged before it is shown, and taken up anew when
 * it is renewed. What is not fit to be shown ends the start, and never replaces what is shown already.
 */
@NullMarked
package io.redfleet.gateway.edge.tls;

import org.jspecify.annotations.NullMarked;
