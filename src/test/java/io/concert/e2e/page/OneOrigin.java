package io.concert.e2e.page;

import io.concert.e2e.ServiceProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The smallest load balancer: each connection goes to the first node that takes it. */
final class OneOrigin implements AutoCloseable {
  private static final int CONNECT_MILLIS = 2_000;

  private final ServerSocket server;
  private final List<ServiceProcess> nodes;
  private final ExecutorService pumps = Executors.newCachedThreadPool();

  private OneOrigin(ServerSocket server, List<ServiceProcess> nodes) {
    this.server = server;
    this.nodes = nodes;
  }

  static OneOrigin before(ServiceProcess... nodes) {
    try {
      ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      OneOrigin origin = new OneOrigin(server, List.of(nodes));
      origin.pumps.execute(origin::accept);
      return origin;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        pumps.execute(() -> join(client));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void join(Socket client) {
    for (ServiceProcess node : nodes) {
      Socket to = new Socket();
      try {
        to.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()), CONNECT_MILLIS);
      } catch (IOException e) {
        continue; // Dead: the next one.
      }
      pumps.execute(() -> pump(client, to));
      pumps.execute(() -> pump(to, client));
      return;
    }
    close(client);
  }

  private static void pump(Socket from, Socket to) {
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] bytes = new byte[16 * 1024];
      for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
        out.write(bytes, 0, read);
        out.flush();
      }
    } catch (IOException e) {
      // One side is gone; so will be the other.
    } finally {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone already.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      pumps.shutdownNow();
    }
  }
}
