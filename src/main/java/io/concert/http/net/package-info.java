/** Connections of clients: how many there may be, and whether what is sent is taken. */
@NullMarked
@CheckReturnValue
package io.concert.http.net;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
