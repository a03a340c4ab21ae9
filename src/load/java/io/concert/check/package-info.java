/**
 * Judges a campaign from what its clients were told, what was done to the service, and a dump of
 * its database. Shares no code with the service: a defect there must not hide itself here.
 */
@NullMarked
package io.concert.check;

import org.jspecify.annotations.NullMarked;
