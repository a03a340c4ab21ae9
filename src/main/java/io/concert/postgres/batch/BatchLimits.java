package io.concert.postgres.batch;

/**
 * @param batch most commands in one batch
 * @param inFlight most batches at once
 * @param backlog most commands waiting for a slot; one more is refused at once
 */
public record BatchLimits(int batch, int inFlight, int backlog) {}
