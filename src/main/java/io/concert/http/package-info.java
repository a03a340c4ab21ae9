/** The REST contract: decodes and authenticates a request, asks a service, encodes its answer. */
@NullMarked
@CheckReturnValue
package io.concert.http;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
