/** A node's view of the waiting rooms: answers polls without asking the room's owner. */
@NullMarked
@CheckReturnValue
package io.concert.queue.view;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
