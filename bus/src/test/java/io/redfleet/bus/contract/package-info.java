/**
 * What is published of the bus: JSON Schemas, the AsyncAPI document, and golden records. Made from {@code contracts} and the
 * table of topics, committed, and held to what is really written.
 */
@NullMarked
package io.redfleet.bus.contract;

import org.jspecify.annotations.NullMarked;
