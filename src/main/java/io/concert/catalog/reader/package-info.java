/** Seat plans read from CSV and JSON. */
@NullMarked
@CheckReturnValue
package io.concert.catalog.reader;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
