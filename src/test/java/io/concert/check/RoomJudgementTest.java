package io.concert.check;

import org.junit.jupiter.api.Test;

/** The smallest history that breaks each rule of a room's slots, and its twin that doesn't. */
class RoomJudgementTest extends HandmadeHistory {
  private void waits(String user, int... seconds) {
    for (int second : seconds) {
      String time = "1970-01-01T00:00:%02dZ".formatted(second);
      told(
          user,
          "poll",
          202,
          "{'room':'default','state':'WAITING','serverTime':'%s'}".formatted(time));
    }
  }

  @Test
  void slotOfOneWhoLeftIsFound() {
    row("room", "{'id':'default','capacity':5}");
    row("session", "{'room':'default','user':'ann','admittedMicros':1}");
    told("ann", "leave", 503, "{'code':'UNAVAILABLE'}");
    finds();
    told("ann", "leave", 204, "");
    finds("I12 slot not freed");
  }

  @Test
  void holdOfOneWhoLeftIsFound() {
    told("ann", "leave", 204, "");
    row("claim", "{'seat':'s1-0','state':1,'user':'bob'}");
    finds();
    row("claim", "{'seat':'s1-1','state':1,'user':'ann'}");
    finds("I12 hold of one who left");
  }

  @Test
  void holdWithoutASessionIsFound() {
    row("room", "{'id':'default','capacity':5}");
    row("schedule", "{'id':'s1','room':'default','holdLimit':4}");
    row("session", "{'room':'default','user':'ann','admittedMicros':1000000,'endsMicros':9000000}");
    hold("ann", "s1-0", "h1", 5, 15);
    finds();
    hold("ann", "s1-1", "h2", 10, 20);
    finds("I13 held without a session");
  }

  @Test
  void slotThatStaysEmptyBeforeOneWhoWaitsIsFound() {
    row("room", "{'id':'default','capacity':1}");
    row("session", "{'room':'default','user':'bob','admittedMicros':1,'endedMicros':8000000}");
    waits("ann", 2, 7);
    finds();
    waits("ann", 9, 10, 11);
    finds();
    waits("cid", 10, 14);
    finds("I12 slot left empty");
  }

  @Test
  void slotThatIsFreeDuringAFaultIsNotJudged() {
    row("room", "{'id':'default','capacity':1}");
    row("session", "{'room':'default','user':'bob','admittedMicros':1,'endedMicros':2}");
    waits("ann", 10, 14);
    disturbances.add(new Disturbance("KILL", "node1", 1, 2));
    finds();
  }

  @Test
  void oneWhoIsOvertakenIsFound() {
    row("room", "{'id':'default','capacity':5}");
    told("ann", "join", 201, place(1, 7, "WAITING"));
    told("bob", "join", 201, place(1, 8, "WAITING"));
    told("ann", "poll", 202, place(1, 7, "WAITING"));
    row("session", "{'room':'default','user':'bob','admittedMicros':1}");
    told("bob", "poll", 202, place(1, 8, "ACTIVE"));
    finds();
    told("ann", "poll", 202, place(1, 7, "WAITING"));
    finds("I13 overtaken");
  }
}
