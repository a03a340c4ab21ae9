package io.concert.postgres.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Passwords in a file of mode 0600, as libpq keeps them ({@code .pgpass}): a line each of {@code
 * host:port:database:user:password}, {@code *} for any. So one file serves this service and {@code
 * psql "postgresql://…?passfile=…"} alike, and no URL has to carry a secret.
 */
final class PasswordFile {
  private static final int RANDOM_BYTES = 32;

  private PasswordFile() {}

  /**
   * The first line that fits any of the servers.
   *
   * @throws IllegalArgumentException if the file can't be read
   */
  static Optional<String> find(
      Path file, List<DatabaseUrl.Server> servers, String database, String user) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IllegalArgumentException("names a passfile that can't be read", e);
    }
    for (String line : lines) {
      List<String> fields = fields(line);
      if (fields.size() == 5
          && fits(fields.get(2), database)
          && fits(fields.get(3), user)
          && servers.stream()
              .anyMatch(
                  server ->
                      fits(fields.get(0), server.host())
                          && fits(fields.get(1), Integer.toString(server.port())))) {
        return Optional.of(fields.get(4));
      }
    }
    return Optional.empty();
  }

  /**
   * Under another name first: a process killed half way leaves no empty secret behind.
   *
   * @return the new password
   */
  static String make(Path file, String user) {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    try {
      Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
      Path fresh =
          Files.createTempFile(directory, file.getFileName().toString(), ".new", ownerOnly());
      Files.writeString(fresh, "*:*:*:" + user + ":" + password + "\n");
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " can't be written", e);
    }
    return password;
  }

  private static FileAttribute<?>[] ownerOnly() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean fits(String pattern, String value) {
    return pattern.equals("*") || pattern.equals(value);
  }

  /** Separated by colons; a backslash takes the next character as it is. */
  private static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    if (line.startsWith("#")) {
      return fields;
    }
    StringBuilder field = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        field.append(line.charAt(++i));
      } else if (c == ':' && fields.size() < 4) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
