package io.concert.catalog;

/**
 * Who changes the catalogue, for the audit log.
 *
 * @param operator the operator's name, or the service's own job
 * @param requestId the request that asked for it
 */
public record Actor(String operator, String role, String requestId) {}
