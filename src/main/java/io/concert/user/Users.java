package io.concert.user;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.concert.domain.ClientNetwork;
import io.concert.domain.UserId;
import io.concert.domain.UserUuid;
import io.concert.postgres.Sql;
import io.concert.postgres.batch.BatchLimits;
import io.concert.postgres.batch.Batcher;
import io.concert.postgres.batch.NaturalBatcher;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Who may call. Users are made, looked up and never changed, so a node caches those it has seen; an
 * unknown UUID is always asked for again, because another node may be making it.
 */
public final class Users {
  private static final int CACHED = 100_000;

  private static final String CREATE =
      """
      with made as (
        insert into app_user (uuid, name, email, password_hash)
        values ($1, $2, $3, $4)
        on conflict (lower(email)) do nothing
        returning number
      ), purse as (
        insert into account (user_number) select number from made
      )
      select number from made
      """;

  private static final String FIND_BY_UUID =
      """
      select number, uuid, password_hash from app_user where uuid = any ($1)
      """;

  private static final String FIND_BY_NUMBER =
      """
      select number, uuid, password_hash from app_user where number = any ($1)
      """;

  private static final String FIND_BY_EMAIL =
      """
      select number, uuid, password_hash from app_user where lower(email) = lower($1)
      """;

  /** A crowd that comes at once is looked up in a few reads. */
  private static final BatchLimits LIMITS = new BatchLimits(128, 2, 10_000);

  private final Sql sql;
  private final Passwords passwords;
  private final Batcher<UserUuid, Optional<User>> finds;
  private final Batcher<UserId, Optional<User>> findsByNumber;

  private final Cache<UserUuid, User> byUuid = Caffeine.newBuilder().maximumSize(CACHED).build();
  private final Cache<UserId, User> byNumber = Caffeine.newBuilder().maximumSize(CACHED).build();

  public Users(Vertx vertx, Sql sql, Passwords passwords) {
    this.sql = sql;
    this.passwords = passwords;
    finds =
        new NaturalBatcher<>(
            vertx,
            LIMITS,
            wanted -> findAll(FIND_BY_UUID, wanted, UserUuid::value, UUID[]::new, User::uuid));
    findsByNumber =
        new NaturalBatcher<>(
            vertx,
            LIMITS,
            wanted -> findAll(FIND_BY_NUMBER, wanted, UserId::number, Long[]::new, User::number));
  }

  /** The verdict on a {@link Registration}. */
  public sealed interface CreateReply {}

  public record Created(User user) implements CreateReply {}

  /** Another user has this email, in whatever case it was written. */
  public record EmailTaken() implements CreateReply {}

  /**
   * Makes a user and the account that goes with it.
   *
   * @param asker whose turn it takes to hash a password
   * @return fails with a {@link io.concert.domain.Fault}; OVERLOADED when too many passwords wait
   *     to be hashed
   */
  public Future<CreateReply> create(Registration registration, ClientNetwork asker) {
    Future<Optional<String>> hash =
        registration
            .credentials()
            .map(given -> passwords.hash(asker, given.password()).map(Optional::of))
            .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    return hash.compose(passwordHash -> insert(registration, passwordHash));
  }

  private Future<CreateReply> insert(Registration registration, Optional<String> passwordHash) {
    // A guest's secret: this is version 4 from a SecureRandom.
    UserUuid uuid = new UserUuid(UUID.randomUUID());
    Tuple row =
        Tuple.of(
            uuid.value(),
            registration.name().orElse(null),
            registration.credentials().map(Registration.Credentials::email).orElse(null),
            passwordHash.orElse(null));
    return sql.query(CREATE, row)
        .map(
            rows ->
                rows.size() == 0
                    ? new EmailTaken()
                    : new Created(
                        remember(
                            new User(
                                new UserId(rows.iterator().next().getLong(0)),
                                uuid,
                                passwordHash.isPresent()))));
  }

  /**
   * @return fails with a {@link io.concert.domain.Fault} as the database does; OVERLOADED when too
   *     many wait to be looked up
   */
  public Future<Optional<User>> find(UserUuid uuid) {
    User known = byUuid.getIfPresent(uuid);
    return known == null ? finds.submit(uuid) : Future.succeededFuture(Optional.of(known));
  }

  /**
   * @return fails as {@link #find(UserUuid)} does
   */
  public Future<Optional<User>> find(UserId number) {
    User known = byNumber.getIfPresent(number);
    return known == null
        ? findsByNumber.submit(number)
        : Future.succeededFuture(Optional.of(known));
  }

  private <K, C> Future<List<Optional<User>>> findAll(
      String query,
      List<K> wanted,
      Function<K, C> column,
      IntFunction<C[]> columns,
      Function<User, K> key) {
    return sql.query(query, Tuple.of(wanted.stream().map(column).toArray(columns)))
        .map(
            rows -> {
              Map<K, User> found = new HashMap<>();
              for (Row row : rows) {
                User user = toUser(row);
                found.put(key.apply(user), user);
              }
              return wanted.stream().map(one -> Optional.ofNullable(found.get(one))).toList();
            });
  }

  /**
   * Takes as long for an unknown email as for a wrong password, so that the time tells nobody which
   * emails are users.
   *
   * @param asker whose turn it takes to check the password
   * @return empty unless email and password belong together
   */
  public Future<Optional<User>> login(String email, String password, ClientNetwork asker) {
    return sql.query(FIND_BY_EMAIL, Tuple.of(email))
        .compose(
            rows -> {
              Optional<String> hash = first(rows, row -> row.getString("password_hash"));
              return passwords
                  .matches(asker, password, hash)
                  .map(same -> same ? first(rows, this::toUser) : Optional.empty());
            });
  }

  private User toUser(Row row) {
    return remember(
        new User(
            new UserId(row.getLong("number")),
            new UserUuid(row.getUUID("uuid")),
            row.getString("password_hash") != null));
  }

  private User remember(User user) {
    byUuid.put(user.uuid(), user);
    byNumber.put(user.number(), user);
    return user;
  }

  private static <T> Optional<T> first(RowSet<Row> rows, Function<Row, T> read) {
    return rows.size() == 0 ? Optional.empty() : Optional.of(read.apply(rows.iterator().next()));
  }
}
