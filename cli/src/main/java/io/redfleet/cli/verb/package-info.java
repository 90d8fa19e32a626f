/**
 * What all verbs share: the common options, the exit status of an answer, pages, waiting for an operation.
 *
 * <p>It never decides what a request means; that is the verb's part.
 */
@NullMarked
package io.redfleet.cli.verb;

import org.jspecify.annotations.NullMarked;
