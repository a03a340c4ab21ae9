package io.concert.forecast;

/**
 * From the hold to the payment: the Weibull distribution with this median and this ninth decile.
 *
 * @param medianMillis more than 0
 * @param p90Millis what nine of ten don't exceed; more than the median
 */
public record PayTime(int medianMillis, int p90Millis) {
  public PayTime {
    if (medianMillis < 1 || p90Millis <= medianMillis) {
      throw new IllegalArgumentException("the ninth decile must be above the median");
    }
  }

  private double shape() {
    return Math.log(Math.log(10) / Math.log(2)) / Math.log((double) p90Millis / medianMillis);
  }

  private double scaleMillis() {
    return medianMillis / Math.pow(Math.log(2), 1 / shape());
  }

  /** The share of those who pay that has paid after so long. */
  public double within(double millis) {
    return -Math.expm1(-Math.pow(millis / scaleMillis(), shape()));
  }

  /**
   * @param share from 0 to below 1
   * @return milliseconds within which this share has paid
   */
  public double millis(double share) {
    return scaleMillis() * Math.pow(-Math.log1p(-share), 1 / shape());
  }
}
