package io.concert.http.web;

/** What a service makes of a call. */
public sealed interface Outcome permits Answer, Download, EventSource {}
