package io.concert.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.concert.catalog.CatalogAdmin.Done;
import io.concert.catalog.CatalogAdmin.KeyRefused;
import io.concert.catalog.CatalogAdmin.Reply;
import io.concert.domain.KeyRefusal;
import io.concert.postgres.batch.KeyedChange;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A change's reply as it is kept with its key.
 *
 * @param type what {@link Done} holds; a member that it gets later has to be an {@link Optional}
 */
record KeptReply<T>(Class<T> type) implements KeyedChange.Keeping<Reply<T>> {
  private static final String DONE = "done";

  private static final JsonMapper mapper =
      JsonMapper.builder().addModule(new Jdk8Module()).addModule(new JavaTimeModule()).build();

  @Override
  public Optional<JsonObject> keep(Reply<T> reply) {
    return reply instanceof Done<T> done
        ? Optional.of(new JsonObject().put(DONE, text(done.value())))
        : Optional.empty();
  }

  @Override
  public Reply<T> again(JsonObject kept) {
    try {
      return new Done<>(mapper.readValue(kept.getString(DONE), type), true);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a kept " + type.getSimpleName() + " can't be read", e);
    }
  }

  @Override
  public Reply<T> refused(KeyRefusal reason) {
    return new KeyRefused<>(reason);
  }

  private static String text(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(value + " can't be kept", e);
    }
  }
}
