/**
 * The command line: where a person's words become requests to the gateway.
 *
 * <p>It decides how an answer looks and which exit status it is worth, and nothing about a cluster: every judgement comes
 * from the gateway, or, where none is asked, from the modules {@code monitrc} and {@code adopt}. It reads fields by name
 * and ignores those it does not know, so that it works with a newer gateway. It never takes a token or a password from the
 * command line, where other users of the machine could read it.
 */
@NullMarked
package io.redfleet.cli;

import org.jspecify.annotations.NullMarked;
