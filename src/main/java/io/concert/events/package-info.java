/** What happened in the sale, for other programs: settings and the jobs of a node. */
@NullMarked
@CheckReturnValue
package io.concert.events;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
