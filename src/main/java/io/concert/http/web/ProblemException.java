package io.concert.http.web;

/**
 * Ends a request early with a refusal. Only here at the edge, where a refusal is the whole answer
 * and each further step would only pass it on; inside the service refusals are values.
 */
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.code().name(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
