/** What every endpoint is made of: requests, bodies, answers, problem documents, event streams. */
@NullMarked
@CheckReturnValue
package io.concert.http.web;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
