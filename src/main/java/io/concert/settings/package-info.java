/** Reading settings of a node; each is read beside the record that it fills. */
@NullMarked
@CheckReturnValue
package io.concert.settings;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
