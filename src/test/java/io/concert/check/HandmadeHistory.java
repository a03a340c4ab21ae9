package io.concert.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A history and what it left behind, made by hand, and what the judge finds in it. */
abstract class HandmadeHistory {
  private static final ObjectMapper JSON = new ObjectMapper();

  final List<Operation> operations = new ArrayList<>();
  final List<Disturbance> disturbances = new ArrayList<>();
  final Map<String, List<JsonNode>> database = new LinkedHashMap<>();
  final List<JsonNode> maps = new ArrayList<>();
  long clock;

  void replaceOnly(String table, JsonNode row) {
    database.put(table, new ArrayList<>(List.of(row)));
  }

  void hold(String user, String seat, String id, int from, int to) {
    add(
        user,
        "hold",
        seat,
        0,
        clock,
        clock + 1,
        200,
        "{'isReserved':true,'holdId':'%s','reservedAt':'1970-01-01T00:00:%02dZ','holdDeadline':'1970-01-01T00:00:%02dZ'}"
            .formatted(id, from, to)
            .replace(":60Z", ":59Z"));
  }

  void paidWithoutHold(String user, String seat, int status, String body) {
    add(user, "pay", seat, 100, clock, clock + 1, status, body);
  }

  void charged(String user, long amount) {
    add(user, "charge", null, amount, clock, clock + 1, 200, "{}");
    row("account", "{'user':'%s','balance':%d}".formatted(user, amount));
    row("entry", "{'posting':'%s+','user':'%s','amount':%d}".formatted(user, user, amount));
    row("entry", "{'posting':'%s+','amount':%d}".formatted(user, -amount));
  }

  /** For 100, which were charged for it. */
  void buys(String user, String seat, String bill) {
    charged(user, 100);
    paid(user, seat, 201, "{'billId':'%s'}".formatted(bill));
    bill(bill, user, seat, 100);
  }

  /** As the service would write it, with the account's new balance. */
  void bill(String id, String user, String seat, long price) {
    row(
        "bill",
        "{'id':'%s','user':'%s','seat':'%s','price':%d,'refunded':false}"
            .formatted(id, user, seat, price));
    row(
        "claim",
        "{'schedule':'s1','index':%s,'seat':'%s','state':2}".formatted(seat.substring(3), seat));
    debit(id, user, price);
  }

  void debit(String id, String user, long price) {
    row(
        "entry",
        "{'posting':'%s','bill':'%s','user':'%s','amount':%d}".formatted(id, id, user, -price));
    row("entry", "{'posting':'%s','amount':%d}".formatted(id, price));
    rows("account")
        .replaceAll(
            row ->
                row.get("user").asText().equals(user)
                    ? json(
                        "{'table':'account','user':'%s','balance':%d}"
                            .formatted(user, row.get("balance").asLong() - price))
                    : row);
  }

  void paid(String user, @Nullable String seat, @Nullable Integer status, @Nullable String body) {
    long at = clock;
    add(
        user,
        "hold",
        seat,
        0,
        at - 1,
        at,
        200,
        "{'isReserved':true,'holdId':'h%s'}".formatted(user));
    add(user, "pay", seat, 100, at, status == null ? null : at + 1, status, body);
  }

  void told(String user, String what, @Nullable Integer status, @Nullable String body) {
    add(user, what, null, 0, clock, status == null ? null : clock + 1, status, body);
  }

  void add(
      String user,
      String what,
      @Nullable String seat,
      long amount,
      long asked,
      @Nullable Long answered,
      @Nullable Integer status,
      @Nullable String body) {
    add(user, what, seat, amount, null, null, asked, answered, status, body);
  }

  void operator(String what, @Nullable String seat) {
    did("operator", what, seat, null, "");
  }

  /** With what else a request may have; {@code about} is its bill, or what was sent. */
  void did(String user, String what, @Nullable String seat, @Nullable String key, String about) {
    answered(user, what, seat, key, about, "{}");
  }

  void answered(
      String user,
      String what,
      @Nullable String seat,
      @Nullable String key,
      @Nullable String about,
      String body) {
    add(user, what, seat, 0, key, about, clock, clock + 1, 200, body);
  }

  private void add(
      String user,
      String what,
      @Nullable String seat,
      long amount,
      @Nullable String key,
      @Nullable String about,
      long asked,
      @Nullable Long answered,
      @Nullable Integer status,
      @Nullable String body) {
    clock = asked + 2;
    operations.add(
        new Operation(
            operations.size() + 1L,
            user,
            what,
            "balancer",
            "s1",
            seat,
            amount,
            key,
            about,
            about,
            asked,
            answered,
            status,
            json(body == null || body.isEmpty() ? "{}" : body)));
  }

  void row(String table, String fields) {
    rows(table).add(json(fields));
  }

  List<JsonNode> rows(String table) {
    return database.computeIfAbsent(table, name -> new ArrayList<>());
  }

  static String place(int epoch, int sequence, String state) {
    String claims = "{\"room\":\"default\",\"epoch\":%d,\"seq\":%d}".formatted(epoch, sequence);
    String part =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    return "{'jwt':'h.%s.s','state':'%s'}".formatted(part, state);
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  Judgement judgement() {
    return Judgement.of(new Evidence(operations, disturbances, database, maps), 1);
  }

  void finds(String... rules) {
    assertThat(judgement().violations())
        .extracting(Violation::rule)
        .containsExactlyInAnyOrder(rules);
  }
}
