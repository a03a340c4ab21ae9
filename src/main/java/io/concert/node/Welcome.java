package io.concert.node;

import java.time.Duration;

/** What a node says when it is up: where it is and what to try first. */
final class Welcome {
  private Welcome() {}

  /**
   * @param took from the program's start to the first possible request
   */
  static String text(Node node, Duration took) {
    if (!node.servesHttp()) {
      return "concert-reservation is up after %.1f s, without HTTP%n"
          .formatted(took.toMillis() / 1000.0);
    }
    String url = node.url();
    StringBuilder text =
        new StringBuilder(
            """

            concert-reservation is up after %.1f s.
              API        %s
              docs       %s/docs    contract %s/openapi.yaml
              database   %s
              operator   %s
            """
                .formatted(
                    took.toMillis() / 1000.0,
                    url,
                    url,
                    url,
                    node.databaseUrl(),
                    node.operatorHint()));
    node.demo().ifPresent(demo -> text.append(walk(url, demo)));
    return text.append('\n').toString();
  }

  private static String walk(String url, DemoBuyer demo) {
    return """
          demo guest %3$s

        Buy a seat, line by line (any POSIX shell with curl and sed):
          U=%1$s/api/v1; GUEST=%3$s; CONCERT=%2$s
          field() { sed -E 's/.*"'$1'":\\[?"?([^",]*).*/\\1/'; }
          JWT=$(curl -s $U/users/queueEntity -d "{\\"uuid\\":\\"$GUEST\\"}" | field jwt)
          AUTH="Authorization: Bearer $JWT"; KEY="Idempotency-Key: walk-$(date +%%s)"
          until curl -s -X POST -H "$AUTH" $U/users/queueEntity | grep '"waitingUserNum":0'; do sleep 1; done
          DATE=$(curl -s -H "$AUTH" $U/reservations/dates/$CONCERT | field scheduleIds)
          SEAT=$(curl -s -H "$AUTH" $U/reservations/seats/$DATE | field seatIds)
          HOLD=$(curl -s -H "$AUTH" -H "$KEY" $U/reservations/seats -d "{\\"scheduleId\\":\\"$DATE\\",\\"seatId\\":\\"$SEAT\\"}"); echo $HOLD
          PRICE=$(echo $HOLD | sed -E 's/.*"price":([0-9]+).*/\\1/')
          curl -s -X PATCH -H "$KEY" $U/accounts/balances -d "{\\"userId\\":\\"$GUEST\\",\\"balanceAdjustment\\":200000}"
          curl -s -H "$AUTH" -H "$KEY" $U/accounts/payments -d "{\\"scheduleId\\":\\"$DATE\\",\\"seatId\\":\\"$SEAT\\",\\"price\\":$PRICE}"
        """
        .formatted(url, demo.concert(), demo.guest().reveal());
  }
}
