/** Registration and login. */
@NullMarked
@CheckReturnValue
package io.concert.http.users;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
