package io.concert.e2e;

import io.concert.load.Scan;
import io.concert.load.Times;
import io.concert.load.Wire;
import java.util.ArrayList;
import java.util.List;

/**
 * What streams say of their places, against what has happened. Everybody behind moves up by one
 * with each change, so a number that is k less than at the beginning is the news of the first k
 * changes. Measured from when the leaver's request was made: leaving and letting in are part of it.
 */
final class PlaceNews {
  private final List<Stream> streams = new ArrayList<>();
  private final List<Long> changes = new ArrayList<>();
  private final Times times = new Times();
  private boolean measuring;
  private long events;
  private long errors;
  private long missing;
  private long unexplained;
  private int open;

  /** For a stream that is about to be opened. */
  Wire.Streamed stream() {
    Stream stream = new Stream();
    streams.add(stream);
    return stream;
  }

  /** Somebody ahead of all streams goes now. */
  void changed() {
    changes.add(System.nanoTime());
  }

  /** All is calm: what streams have said by now is where they begin. */
  void begin() {
    measuring = true;
    events = 0;
    changes.clear();
    streams.forEach(stream -> stream.first = stream.number);
    errors += streams.stream().filter(stream -> stream.number < 0).count();
  }

  /** What has not come by now counts as if it came now. */
  void end() {
    measuring = false;
    for (Stream stream : streams) {
      missing += changes.size() - stream.known;
      stream.learn(changes.size());
    }
  }

  private final class Stream implements Wire.Streamed {
    private final Scan numbers = new Scan("waitingUserNum", this::hear);
    private long number = -1;
    private long first;
    private int known;

    @Override
    public void opened(int status) {
      open++;
      errors += status == 200 ? 0 : 1;
    }

    @Override
    public void piece(byte[] bytes, int from, int to) {
      numbers.piece(bytes, from, to);
    }

    @Override
    public void ended() {
      open--;
      errors++;
    }

    private void hear(long place) {
      events++;
      number = place;
      if (measuring) {
        long moved = first - place;
        unexplained += moved < known || moved > changes.size() ? 1 : 0;
        learn((int) Math.min(moved, changes.size()));
      }
    }

    private void learn(int moved) {
      long now = System.nanoTime();
      for (; known < moved; known++) {
        times.add(now - changes.get(known));
      }
    }
  }

  Times times() {
    return times;
  }

  int changes() {
    return changes.size();
  }

  int open() {
    return open;
  }

  long events() {
    return events;
  }

  long missing() {
    return missing;
  }

  /** Numbers that rose, or fell by more than people had gone. */
  long unexplained() {
    return unexplained;
  }

  long errors() {
    return errors;
  }
}
