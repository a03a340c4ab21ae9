package io.concert.http.web;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Says over a socket what no proper client would. */
public final class RawHttp {
  private RawHttp() {}

  /**
   * @return all that the server says until it closes or is silent for {@code patience}
   */
  public static String say(int port, Duration patience, String... parts) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) patience.toMillis());
      OutputStream out = socket.getOutputStream();
      for (String part : parts) {
        out.write(part.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
      }
      return readAll(socket);
    }
  }

  public static String readAll(Socket socket) throws IOException {
    StringBuilder said = new StringBuilder();
    byte[] buffer = new byte[4096];
    try {
      for (int n = socket.getInputStream().read(buffer);
          n > 0;
          n = socket.getInputStream().read(buffer)) {
        said.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
      }
    } catch (java.net.SocketTimeoutException e) {
      said.append("\n(silent)");
    }
    return said.toString();
  }
}
