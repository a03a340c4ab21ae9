package io.concert.load;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * People who ask whether they are answered or not: so many requests a second, each due at its own
 * moment, on connections that stay open. Who has no answer a second after that moment gives up,
 * closes the connection and opens another; who finds all connections busy is counted, too. One
 * thread, ready-made requests: the clients must cost less than what they measure.
 *
 * <p>A process of its own, as a client that shares a heap with what it measures pauses with it. It
 * reads lines {@code rate seconds trickles} and answers each with a line of {@link Offered}.
 */
public final class OpenLoop {
  private static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final long TRICKLE_EVERY_NANOS = 1_000_000_000L;

  private final InetSocketAddress server;
  private final Selector selector;
  private final Received received = new Received();
  private final List<List<byte[]>> kinds;
  private final int[] shares;
  private final int[] next;
  private final Random random = new Random(1);
  private final Deque<Person> idle = new ArrayDeque<>();
  private final Deque<Asked> open = new ArrayDeque<>();
  private final List<Trickle> trickles = new ArrayList<>();
  private Counts counts = new Counts();

  /** What one round came to. */
  private static final class Counts {
    private int good;
    private int refused;
    private int late;
    private int unsent;
    private int other;
    private int withoutRetryAfter;
    private final Times goodTimes = new Times();
    private final Times refusedTimes = new Times();

    private Offered offered(double seconds, int all) {
      return new Offered(
          seconds,
          all,
          good,
          refused,
          late,
          unsent,
          other,
          withoutRetryAfter,
          goodTimes.millis(0.5),
          goodTimes.millis(0.99),
          refusedTimes.millis(0.99));
    }
  }

  private record Asked(Person person, int turn, long dueNanos) {}

  private OpenLoop(int port, int connections, int[] shares, List<List<byte[]>> kinds)
      throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.selector = Selector.open();
    this.kinds = kinds;
    this.shares = shares.clone();
    this.next = new int[kinds.size()];
    for (int i = 0; i < connections; i++) {
      idle.add(new Person());
    }
  }

  /**
   * @param arguments the port; how many connections; how many of a hundred requests are of each
   *     kind, by commas; a file of requests, by kind a count and then length and bytes of each
   */
  public static void main(String[] arguments) throws IOException {
    int[] shares = List.of(arguments[2].split(",")).stream().mapToInt(Integer::parseInt).toArray();
    OpenLoop loop =
        new OpenLoop(
            Integer.parseInt(arguments[0]),
            Integer.parseInt(arguments[1]),
            shares,
            requests(Path.of(arguments[3]), shares.length));
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] order = line.split(" ", -1);
      loop.trickle(Integer.parseInt(order[2]));
      System.out.println(loop.run(Double.parseDouble(order[0]), Double.parseDouble(order[1])));
    }
    System.exit(0);
  }

  private static List<List<byte[]>> requests(Path file, int kinds) throws IOException {
    List<List<byte[]>> all = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      for (int kind = 0; kind < kinds; kind++) {
        int count = in.readInt();
        List<byte[]> requests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          requests.add(in.readNBytes(in.readInt()));
        }
        all.add(requests);
      }
    }
    return all;
  }

  private String run(double perSecond, double seconds) throws IOException {
    counts = new Counts();
    long began = System.nanoTime();
    int all = (int) (perSecond * seconds);
    int offered = 0;
    while (offered < all || !open.isEmpty()) {
      long now = System.nanoTime();
      int due = (int) Math.min(all, (now - began) / 1e9 * perSecond);
      while (offered < due) {
        ask(began + (long) (offered++ / perSecond * 1e9));
      }
      giveUp(now);
      goOnTrickling(now);
      selector.select(key -> ((Connection) key.attachment()).ready(key), 1);
    }
    double took = Math.max(seconds, 1e-9);
    return counts.offered(took, all).line();
  }

  private void ask(long dueNanos) throws IOException {
    Person person = idle.poll();
    if (person == null) {
      counts.unsent++;
      return;
    }
    // Who was sent away connects anew when there is something to ask, and not before.
    Person asking = person.isClosed ? new Person() : person;
    asking.asks(request(), dueNanos);
  }

  private byte[] request() {
    int dice = random.nextInt(100);
    int kind = 0;
    while (dice >= shares[kind]) {
      dice -= shares[kind++];
    }
    List<byte[]> requests = kinds.get(kind);
    return requests.get(next[kind]++ % requests.size());
  }

  private void giveUp(long now) throws IOException {
    for (Asked oldest = open.peek();
        oldest != null
            && (oldest.person.turn != oldest.turn || now - oldest.dueNanos > PATIENCE_NANOS);
        oldest = open.peek()) {
      open.remove();
      if (oldest.person.turn == oldest.turn) {
        counts.late++;
        oldest.person.close();
        idle.add(oldest.person);
      }
    }
  }

  /** So many connections from now on that send a byte a second. */
  private void trickle(int count) throws IOException {
    while (trickles.size() < count) {
      trickles.add(new Trickle(kinds.get(0).get(0), trickles.size()));
    }
    for (Iterator<Trickle> some = trickles.iterator();
        some.hasNext() && trickles.size() > count; ) {
      some.next().close();
      some.remove();
    }
  }

  private void goOnTrickling(long now) throws IOException {
    for (int i = 0; i < trickles.size(); i++) {
      Trickle one = trickles.get(i);
      if (one.isClosed) {
        trickles.set(i, new Trickle(kinds.get(0).get(0), i));
      } else if (now - one.dueNanos >= 0) {
        one.goOn();
      }
    }
  }

  private abstract class Connection {
    final SocketChannel channel;
    boolean isClosed;
    @Nullable ByteBuffer unsent;

    Connection() throws IOException {
      channel = SocketChannel.open();
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      boolean connected = channel.connect(server);
      channel.register(selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
    }

    void send(ByteBuffer bytes) throws IOException {
      unsent = null;
      if (channel.isConnectionPending()) {
        unsent = bytes;
        return;
      }
      channel.write(bytes);
      if (bytes.hasRemaining()) {
        unsent = bytes;
        channel.keyFor(selector).interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
      }
    }

    void ready(SelectionKey key) {
      try {
        if (key.isConnectable()) {
          channel.finishConnect();
          key.interestOps(SelectionKey.OP_READ);
          sendOn();
        } else if (key.isWritable()) {
          key.interestOps(SelectionKey.OP_READ);
          sendOn();
        }
        if (key.isValid() && key.isReadable()) {
          received(received.from(channel));
        }
      } catch (IOException e) {
        close();
        broken();
      }
    }

    private void sendOn() throws IOException {
      ByteBuffer rest = unsent;
      if (rest != null) {
        send(rest);
      }
    }

    void close() {
      isClosed = true;
      try {
        channel.close();
      } catch (IOException e) {
        // It is closed for whoever asks again.
      }
    }

    abstract void received(byte[] bytes);

    abstract void broken();
  }

  /** Asks one question at a time. */
  private final class Person extends Connection {
    private final Answer.Pieces pieces = new Answer.Pieces();
    private int turn;
    private boolean isAsking;
    private long dueNanos;

    Person() throws IOException {}

    void asks(byte[] request, long due) {
      turn++;
      isAsking = true;
      dueNanos = due;
      open.add(new Asked(this, turn, due));
      try {
        send(ByteBuffer.wrap(request));
      } catch (IOException e) {
        close();
        broken();
      }
    }

    @Override
    void received(byte[] bytes) {
      Answer answer = pieces.add(bytes);
      if (answer == null) {
        return;
      }
      count(answer.head(), answer.bytes());
      turn++;
      isAsking = false;
      idle.add(this);
    }

    private void count(Head head, byte[] all) {
      long took = System.nanoTime() - dueNanos;
      int status = head.status();
      if (took > PATIENCE_NANOS) {
        counts.late++;
      } else if (status == 200 || status == 201 || status == 202) {
        counts.good++;
        counts.goodTimes.add(took);
      } else if (status == 503 || status == 429) {
        counts.refused++;
        counts.refusedTimes.add(took);
        String text = new String(all, 0, head.end(), StandardCharsets.US_ASCII);
        if (!text.toLowerCase(Locale.ROOT).contains("\r\nretry-after:")) {
          counts.withoutRetryAfter++;
        }
      } else {
        counts.other++;
      }
    }

    @Override
    void broken() {
      turn++;
      if (isAsking) {
        isAsking = false;
        counts.other++;
        idle.add(this);
      }
    }
  }

  /** Never comes to the end of its request. */
  private final class Trickle extends Connection {
    private final byte[] request;
    private int sent;
    private long dueNanos;

    Trickle(byte[] request, int number) throws IOException {
      this.request = request;
      this.dueNanos = System.nanoTime() + TRICKLE_EVERY_NANOS * (number % 1_000) / 1_000;
    }

    void goOn() {
      dueNanos += TRICKLE_EVERY_NANOS;
      try {
        send(ByteBuffer.wrap(request, sent++ % (request.length - 2), 1));
      } catch (IOException e) {
        close();
      }
    }

    @Override
    void received(byte[] bytes) {}

    @Override
    void broken() {}
  }
}
