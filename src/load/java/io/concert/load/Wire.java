package io.concert.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * An HTTP/1.1 client that costs little: one thread, ready-made requests, connections that stay
 * open, and no more of an answer is read than its status and where its body lies. Knows only what
 * the services measured here say: answers with Content-Length, and streams that don't end.
 */
public final class Wire implements AutoCloseable {
  private final InetSocketAddress server;
  private final Selector selector;
  private final Received received = new Received();
  private final Queue<Connection> free = new ArrayDeque<>();
  private final Deque<Question> waiting = new ArrayDeque<>();
  private final Set<Connection> connections = new HashSet<>();
  private int asked;

  private static final class Question {
    final byte[] request;
    final Answered then;

    Question(byte[] request, Answered then) {
      this.request = request;
      this.then = then;
    }
  }

  /** Hears an answer, on the thread that runs the wire. */
  public interface Answered {
    /**
     * @param status 0 if the connection broke
     * @param bytes in which the body lies, only until this returns
     */
    void answer(int status, byte[] bytes, int from, int to);
  }

  /** Hears a stream piece by piece. */
  public interface Streamed {
    /** The whole head, once. */
    void opened(int status);

    void piece(byte[] bytes, int from, int to);

    void ended();
  }

  /**
   * @param connections for questions; each stream has another
   */
  public Wire(int port, int connections) {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try {
      this.selector = Selector.open();
      for (int i = 0; i < connections; i++) {
        free.add(new Asker());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends the request as soon as a connection is free; the first come first. */
  public void ask(byte[] request, Answered then) {
    asked++;
    Connection idle = free.poll();
    if (idle instanceof Asker asker) {
      asker.send(new Question(request, then));
    } else {
      waiting.add(new Question(request, then));
    }
  }

  /** Sends the request before those that wait. */
  public void askAtOnce(byte[] request, Answered then) {
    if (free.isEmpty()) {
      asked++;
      waiting.addFirst(new Question(request, then));
    } else {
      ask(request, then);
    }
  }

  /** Opens a stream. */
  public void follow(byte[] request, Streamed stream) {
    try {
      new Follower(stream).write(ByteBuffer.wrap(request));
    } catch (IOException e) {
      stream.ended();
    }
  }

  /** Questions that have no answer yet. */
  public int open() {
    return asked;
  }

  /**
   * Works until the condition holds.
   *
   * @param tick runs again and again, about each millisecond at least
   */
  public void run(BooleanSupplier done, Runnable tick) {
    try {
      while (!done.getAsBoolean()) {
        tick.run();
        selector.select(key -> ((Connection) key.attachment()).ready(key), 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Works until every question is answered. */
  public void finish() {
    run(() -> asked == 0, () -> {});
  }

  @Override
  public void close() {
    try {
      for (Connection connection : connections) {
        connection.channel.close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private abstract class Connection {
    final SocketChannel channel;
    final SelectionKey key;
    private ByteBuffer unsent = ByteBuffer.allocate(0);

    Connection() throws IOException {
      channel = SocketChannel.open(server);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      key = channel.register(selector, SelectionKey.OP_READ, this);
      connections.add(this);
    }

    void write(ByteBuffer bytes) throws IOException {
      channel.write(bytes);
      unsent = bytes;
      key.interestOps(
          bytes.hasRemaining()
              ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
              : SelectionKey.OP_READ);
    }

    void ready(SelectionKey selected) {
      try {
        if (selected.isWritable()) {
          write(unsent);
        }
        if (selected.isReadable()) {
          received(received.from(channel));
        }
      } catch (IOException e) {
        selected.cancel();
        connections.remove(this);
        broken();
      }
    }

    abstract void received(byte[] bytes) throws IOException;

    abstract void broken();
  }

  /** Asks one question after the other. */
  private final class Asker extends Connection {
    private Question question = new Question(new byte[0], (status, bytes, from, to) -> {});
    private final Answer.Pieces pieces = new Answer.Pieces();

    Asker() throws IOException {}

    void send(Question next) {
      question = next;
      try {
        write(ByteBuffer.wrap(next.request));
      } catch (IOException e) {
        broken();
      }
    }

    @Override
    void received(byte[] bytes) {
      Answer answer = pieces.add(bytes);
      if (answer == null) {
        return;
      }
      Question answered = question;
      asked--;
      Question next = waiting.poll();
      if (next != null) {
        send(next);
      } else {
        free.add(this);
      }
      Head head = answer.head();
      answered.then.answer(head.status(), answer.bytes(), head.end(), answer.bodyEnd());
    }

    @Override
    void broken() {
      asked--;
      question.then.answer(0, new byte[0], 0, 0);
    }
  }

  private final class Follower extends Connection {
    private final Streamed stream;
    private byte[] begun = new byte[0];
    private boolean open;

    Follower(Streamed stream) throws IOException {
      this.stream = stream;
    }

    @Override
    void received(byte[] bytes) {
      if (open) {
        stream.piece(bytes, 0, bytes.length);
        return;
      }
      begun = Head.joined(begun, bytes);
      Head head = Head.of(begun);
      if (head != null) {
        open = true;
        stream.opened(head.status());
        stream.piece(begun, head.end(), begun.length);
        begun = new byte[0];
      }
    }

    @Override
    void broken() {
      stream.ended();
    }
  }
}
