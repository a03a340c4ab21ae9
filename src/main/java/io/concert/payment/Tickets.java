package io.concert.payment;

import io.concert.domain.BillId;
import io.concert.domain.ScheduleId;
import io.concert.domain.SeatId;
import io.concert.postgres.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Tickets: a bill's number under a seal that only the service can make. A ticket opens the door
 * once; whether its bill still stands is asked of the database, so a refund revokes it.
 */
public final class Tickets {
  private static final String ALGORITHM = "HmacSHA256";

  /**
   * 128 bits of the seal: nobody guesses one, and the code stays coarse enough for a bad camera.
   */
  private static final int SEAL_BYTES = 16;

  private static final Pattern TEXT = Pattern.compile("T1\\.(b[0-9]{1,18})\\.([A-Za-z0-9_-]{22})");

  private static final String KEY = "select secret from ticket_key";

  /** The bill's row is locked as a refund locks it: of a refund and an entry one comes first. */
  private static final String BILL =
      """
      select b.schedule_id, b.seat, b.refunded_at, s.state = 2 as cancelled
      from bill b join schedule s on s.id = b.schedule_id where b.id = $1 for update of b
      """;

  private static final String ENTER =
      """
      insert into ticket_entry (bill_id, operator) values ($1, $2)
      on conflict (bill_id) do nothing returning entered_at
      """;

  private static final String ENTERED = "select entered_at from ticket_entry where bill_id = $1";

  private final Sql sql;
  private volatile @Nullable SecretKeySpec key;

  public Tickets(Sql sql) {
    this.sql = sql;
  }

  /** What the door says of a ticket. */
  public enum Verdict {
    /** In, now and for the first time. */
    ENTERED,
    /** Somebody came in with it before. */
    USED,
    /** The money was given back. */
    REFUNDED,
    /** The date was called off. */
    CANCELLED,
    /** Not a ticket of this service's. */
    UNKNOWN
  }

  /**
   * @param seat empty for an unknown ticket
   * @param enteredAt when somebody came in with it, now or before
   */
  public record Checked(
      Verdict verdict, Optional<BillId> bill, Optional<SeatId> seat, Optional<Instant> enteredAt) {}

  /** The ticket of a bill. Always the same. */
  public Future<String> ticket(BillId bill) {
    return key().map(secret -> "T1." + bill + "." + seal(secret, bill));
  }

  /**
   * Lets in anyone who shows a ticket for the first time. A repeat says when that was.
   *
   * @param operator who stands at the door
   */
  public Future<Checked> check(String text, String operator) {
    Matcher parts = TEXT.matcher(text);
    Optional<BillId> named = parts.matches() ? BillId.parse(parts.group(1)) : Optional.empty();
    if (named.isEmpty()) {
      return Future.succeededFuture(unknown());
    }
    BillId bill = named.get();
    return key()
        .compose(
            secret ->
                isSame(seal(secret, bill), parts.group(2))
                    ? sql.transaction(connection -> enter(connection, bill, operator))
                    : Future.succeededFuture(unknown()));
  }

  private static Checked unknown() {
    return new Checked(Verdict.UNKNOWN, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Future<Checked> enter(SqlConnection connection, BillId bill, String operator) {
    return Sql.execute(connection, BILL, Tuple.of(bill.number()))
        .compose(
            found -> {
              if (found.size() == 0) {
                return Future.succeededFuture(unknown());
              }
              Row row = found.iterator().next();
              SeatId seat =
                  new SeatId(new ScheduleId(row.getLong("schedule_id")), row.getInteger("seat"));
              if (row.getOffsetDateTime("refunded_at") != null) {
                return Future.succeededFuture(
                    new Checked(
                        Verdict.REFUNDED, Optional.of(bill), Optional.of(seat), Optional.empty()));
              }
              if (row.getBoolean("cancelled")) {
                return Future.succeededFuture(
                    new Checked(
                        Verdict.CANCELLED, Optional.of(bill), Optional.of(seat), Optional.empty()));
              }
              return Sql.execute(connection, ENTER, Tuple.of(bill.number(), operator))
                  .compose(
                      entered ->
                          entered.size() == 1
                              ? Future.succeededFuture(
                                  checked(Verdict.ENTERED, bill, seat, entered.iterator().next()))
                              : Sql.execute(connection, ENTERED, Tuple.of(bill.number()))
                                  .map(
                                      before ->
                                          checked(
                                              Verdict.USED, bill, seat, before.iterator().next())));
            });
  }

  private static Checked checked(Verdict verdict, BillId bill, SeatId seat, Row entry) {
    return new Checked(
        verdict,
        Optional.of(bill),
        Optional.of(seat),
        Optional.of(entry.getOffsetDateTime("entered_at").toInstant()));
  }

  private Future<SecretKeySpec> key() {
    SecretKeySpec known = key;
    return known != null
        ? Future.succeededFuture(known)
        : sql.query(KEY, Tuple.tuple())
            .map(
                rows -> {
                  byte[] secret = rows.iterator().next().getBuffer("secret").getBytes();
                  SecretKeySpec read = new SecretKeySpec(secret, ALGORITHM);
                  key = read;
                  return read;
                });
  }

  private static String seal(SecretKeySpec secret, BillId bill) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(secret);
      byte[] whole = mac.doFinal(("ticket " + bill).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(whole, SEAL_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  /** In the same time whatever is wrong. */
  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
