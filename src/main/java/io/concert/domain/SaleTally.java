package io.concert.domain;

/**
 * Is told what happens in a sale, for the report that is read afterwards. It never waits and never
 * fails, and is safe from any thread. What it is told of is small in number: outcomes, not people.
 */
public interface SaleTally {
  /** Forgets everything at once. */
  SaleTally NONE =
      new SaleTally() {
        @Override
        public void count(ScheduleId schedule, String what, long more) {}

        @Override
        public void count(RoomId room, String what, long more) {}

        @Override
        public void level(ScheduleId schedule, String what, long value) {}

        @Override
        public void level(RoomId room, String what, long value) {}
      };

  /** So many more of these happened. */
  void count(ScheduleId schedule, String what, long more);

  /** So many more of these happened. */
  void count(RoomId room, String what, long more);

  /** There are so many of these at the moment; to be told again and again while it is known. */
  void level(ScheduleId schedule, String what, long value);

  /** There are so many of these at the moment; to be told again and again while it is known. */
  void level(RoomId room, String what, long value);
}
