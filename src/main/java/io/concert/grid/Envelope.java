package io.concert.grid;

import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/** What travels between members. It is made empty by {@link GridTypes} and then reads itself. */
abstract class Envelope implements IdentifiedDataSerializable {
  private final int kind;

  Envelope(int kind) {
    this.kind = kind;
  }

  @Override
  public final int getFactoryId() {
    return GridTypes.FACTORY;
  }

  @Override
  public final int getClassId() {
    return kind;
  }
}
