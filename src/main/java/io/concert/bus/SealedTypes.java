package io.concert.bus;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets a sealed interface's records travel without annotations on them: the name of the permitted
 * record goes along, and only a permitted one is ever made.
 */
final class SealedTypes extends JacksonAnnotationIntrospector {
  private static final JsonTypeInfo.Value BY_NAME =
      JsonTypeInfo.Value.from(ByName.class.getAnnotation(JsonTypeInfo.class));

  /** Carries the annotation that sealed interfaces are read as if they had. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_ARRAY)
  private interface ByName {}

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    return isSealedInterface(annotated)
        ? BY_NAME
        : super.findPolymorphicTypeInfo(config, annotated);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    return isSealedInterface(annotated)
        ? Arrays.stream(annotated.getRawType().getPermittedSubclasses())
            .map(type -> new NamedType(type, type.getSimpleName()))
            .toList()
        : super.findSubtypes(annotated);
  }

  private static boolean isSealedInterface(Annotated annotated) {
    return annotated.getRawType() != null
        && annotated.getRawType().isInterface()
        && annotated.getRawType().isSealed();
  }
}
