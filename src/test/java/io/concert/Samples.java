package io.concert;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a value of any record by the types of its components. No two numbers or texts are alike, so
 * components that were mixed up are found out. Optionals and lists have one value.
 */
public final class Samples {
  private final Map<Class<?>, Object> known = new HashMap<>();
  private int next;

  /** What can't be made by type alone. */
  public <T> Samples with(Class<T> type, T value) {
    known.put(type, value);
    return this;
  }

  /** Every class at the leaves of a sealed interface. */
  public static List<Class<?>> kindsOf(Class<?> family) {
    return family.isSealed()
        ? Arrays.stream(family.getPermittedSubclasses())
            .flatMap(kind -> kindsOf(kind).stream())
            .toList()
        : List.of(family);
  }

  /**
   * @param type a record, a sealed interface of records, an enum, or what those are made of
   */
  public Object of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Object inner = of(generic.getActualTypeArguments()[0]);
      return generic.getRawType().equals(Optional.class) ? Optional.of(inner) : List.of(inner);
    }
    return of((Class<?>) type);
  }

  private Object of(Class<?> type) {
    Object given = known.get(type);
    if (given != null) {
      return given;
    }
    next++;
    if (type == int.class || type == Integer.class) {
      return next;
    } else if (type == long.class || type == Long.class) {
      return (long) next;
    } else if (type == double.class) {
      return (double) next;
    } else if (type == boolean.class) {
      return true;
    } else if (type == byte[].class) {
      return new byte[] {(byte) next};
    } else if (type == String.class) {
      return "text " + next;
    } else if (type == UUID.class) {
      return new UUID(0, next);
    } else if (type == Instant.class) {
      return Instant.ofEpochMilli(next);
    } else if (type == Duration.class) {
      return Duration.ofSeconds(next);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[next % type.getEnumConstants().length];
    } else if (type.isSealed()) {
      return of(kindsOf(type).get(0));
    }
    return record(type);
  }

  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException("no sample of " + type);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values =
        Arrays.stream(components).map(RecordComponent::getGenericType).map(this::of).toArray();
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException("no sample of " + type, e);
    }
  }
}
