package io.concert.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** A place as it stands in a queue token, which anybody can read. */
record Place(String room, long epoch, long sequence) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of an answer's token; empty if the answer has none. */
  static Optional<Place> in(Operation operation) {
    String[] parts = operation.body().path("jwt").asText("").split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
      return claims.has("seq")
          ? Optional.of(
              new Place(
                  claims.get("room").asText(),
                  claims.get("epoch").asLong(),
                  claims.get("seq").asLong()))
          : Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
