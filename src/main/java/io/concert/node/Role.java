package io.concert.node;

/** What a node does. A node without a role that keeps state is an edge node: it owns nothing. */
enum Role {
  HTTP,
  QUEUE,
  RESERVATION,
  PAYMENT
}
