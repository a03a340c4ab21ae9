package io.concert.node;

/** What a node does. One with neither queue nor reservation is an edge node: it owns nothing. */
enum Role {
  HTTP,
  QUEUE,
  RESERVATION,
  PAYMENT
}
