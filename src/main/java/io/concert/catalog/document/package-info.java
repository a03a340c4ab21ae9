/** A seat layout as the JSON document that is stored and sent. */
@NullMarked
@CheckReturnValue
package io.concert.catalog.document;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
