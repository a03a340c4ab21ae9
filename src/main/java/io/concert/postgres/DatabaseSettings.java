package io.concert.postgres;

import java.nio.file.Path;
import java.util.Optional;

/**
 * @param url {@code postgresql://user:password@host:port/database} of an existing server; none
 *     means an embedded one kept in {@code dataDirectory}
 * @param poolSize most connections of this node
 */
public record DatabaseSettings(Optional<String> url, int poolSize, Path dataDirectory) {}
