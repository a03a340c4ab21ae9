/** Who is calling: users, passwords, signed tokens, operators. */
@NullMarked
@CheckReturnValue
package io.concert.user;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
