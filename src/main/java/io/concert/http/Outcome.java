package io.concert.http;

/** What a service makes of a call. */
sealed interface Outcome permits Answer, EventSource {}
