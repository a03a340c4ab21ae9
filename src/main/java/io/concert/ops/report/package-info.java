/** What happened in a sale: counted as it happens, kept by steps of time, read afterwards. */
@NullMarked
@CheckReturnValue
package io.concert.ops.report;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
