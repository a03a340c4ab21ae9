package io.concert.domain;

/**
 * Who changes what is sold or how, for the audit log.
 *
 * @param operator the operator's name, or the service's own job
 * @param requestId the request that asked for it
 */
public record Actor(String operator, String role, String requestId) {}
