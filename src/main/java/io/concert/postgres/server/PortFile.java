package io.concert.postgres.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Remembers the embedded server's port, so that other nodes' DATABASE_URL survives a restart. */
final class PortFile {
  private final Path file;

  private PortFile(Path file) {
    this.file = file;
  }

  static PortFile in(Path dataDirectory) {
    return new PortFile(dataDirectory.resolve("postgres.port"));
  }

  /**
   * @return the port of last time if it is free, else a free one, remembered from now on
   */
  int choose() throws IOException {
    int last = read();
    int port = last > 0 && isFree(last) ? last : anyFree();
    Files.writeString(file, port + "\n");
    return port;
  }

  private int read() throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    String text = Files.readString(file).strip();
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
