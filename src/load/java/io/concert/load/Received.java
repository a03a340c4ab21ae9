package io.concert.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Where one thread reads what its connections have received. */
final class Received {
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);

  byte[] from(SocketChannel channel) throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 0) {
      throw new IOException("closed by the server");
    }
    byte[] bytes = new byte[buffer.flip().remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
