package io.concert.bus;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Writes one type of record as CBOR. What is read is decided by the address, never by the wire.
 * Inside a node the record itself passes: it is immutable.
 */
final class RecordCodec<T> implements MessageCodec<T, T> {
  private static final ObjectMapper mapper =
      CBORMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .annotationIntrospector(new SealedTypes())
          .build();

  private final String name;
  private final ObjectWriter writer;
  private final ObjectReader reader;

  RecordCodec(String name, Class<T> type) {
    this.name = name;
    this.writer = mapper.writerFor(type);
    this.reader = mapper.readerFor(type);
  }

  @Override
  public void encodeToWire(Buffer buffer, T message) {
    try {
      byte[] bytes = writer.writeValueAsBytes(message);
      buffer.appendInt(bytes.length).appendBytes(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  @Override
  public T decodeFromWire(int position, Buffer buffer) {
    int length = buffer.getInt(position);
    int start = position + Integer.BYTES;
    try {
      return reader.readValue(buffer.getBytes(start, start + length));
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  @Override
  public T transform(T message) {
    return message;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
