package io.concert.node;

import io.concert.domain.ConcertId;
import io.concert.domain.UserUuid;

/** Somebody to try the demo as: a fresh guest and a concert to buy seats of. */
record DemoBuyer(UserUuid guest, ConcertId concert) {}
