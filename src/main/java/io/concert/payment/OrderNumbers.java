package io.concert.payment;

import io.concert.domain.OrderId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What people call an order: ten digits, in two groups to be read out. It is the order's id under a
 * permutation of all numbers of ten digits that only the service knows, so neither is it stored or
 * indexed anywhere, nor does one number tell how many orders there are or what another one is. The
 * permutation is a Feistel network over two halves of five digits, as in FF1 (NIST SP 800-38G).
 */
public final class OrderNumbers {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int HALF = 100_000;
  private static final long ALL = (long) HALF * HALF;
  private static final int ROUNDS = 8;

  /** As people type it; the groups may be apart in any way, or not. */
  private static final Pattern TEXT = Pattern.compile("([0-9]{5})[- ]?([0-9]{5})");

  private static final String KEY = "select secret from order_key";

  /** Never used itself: a copy is made sooner than one is looked up by name. */
  private final Mac prototype;

  /**
   * @param secret the same for as long as orders are to be found
   */
  public OrderNumbers(byte[] secret) {
    try {
      prototype = Mac.getInstance(ALGORITHM);
      prototype.init(new SecretKeySpec(secret, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** With the database's own secret; fails with a {@link io.concert.domain.Fault}. */
  public static Future<OrderNumbers> kept(Sql sql) {
    return sql.query(KEY, Tuple.tuple())
        .map(rows -> new OrderNumbers(rows.iterator().next().getBuffer("secret").getBytes()));
  }

  /** What a person is told. */
  public String text(OrderId order) {
    if (order.number() < 0 || order.number() >= ALL) {
      throw new IllegalArgumentException("an order beyond ten digits: " + order);
    }
    Mac mac = mac();
    int left = (int) (order.number() / HALF);
    int right = (int) (order.number() % HALF);
    for (int round = 0; round < ROUNDS; round++) {
      int mixed = (left + mix(mac, round, right)) % HALF;
      left = right;
      right = mixed;
    }
    return "%05d-%05d".formatted(left, right);
  }

  /**
   * @return empty for what isn't ten digits; whether there is such an order isn't said
   */
  public Optional<OrderId> parse(String text) {
    Matcher groups = TEXT.matcher(text.strip());
    if (!groups.matches()) {
      return Optional.empty();
    }
    Mac mac = mac();
    int left = Integer.parseInt(groups.group(1));
    int right = Integer.parseInt(groups.group(2));
    for (int round = ROUNDS - 1; round >= 0; round--) {
      int mixed = Math.floorMod(right - mix(mac, round, left), HALF);
      right = left;
      left = mixed;
    }
    return Optional.of(new OrderId((long) left * HALF + right));
  }

  private static int mix(Mac mac, int round, int half) {
    byte[] block = ByteBuffer.allocate(8).putInt(round).putInt(half).array();
    long mixed = ByteBuffer.wrap(mac.doFinal(block)).getLong();
    return (int) Long.remainderUnsigned(mixed, HALF);
  }

  private Mac mac() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own " + ALGORITHM + " can be copied", e);
    }
  }
}
