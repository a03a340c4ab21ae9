/**
 * The PostgreSQL side: embedded or external server, migrations, the batcher, database time, SQL
 * errors as faults.
 */
@NullMarked
@CheckReturnValue
package io.concert.postgres;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
