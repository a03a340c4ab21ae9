package io.concert.grid.api;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The binary form of what is kept in or sent through the grid: written field by field, so that no
 * class name ever decides what is read.
 */
public interface Codec<T> {
  void write(T value, DataOutput out) throws IOException;

  T read(DataInput in) throws IOException;
}
