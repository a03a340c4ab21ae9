package io.concert.user;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Somebody who runs the sale, as the setting {@code ADMIN_TOKENS} names them. */
public record Operator(String name, Set<Role> roles) {
  /** What an operator may do. */
  public enum Role {
    /** Look. Every operator may. */
    VIEWER,
    /** Change concerts, schedules, rooms. */
    OPERATOR,
    /** Move money: charge and refund. */
    PAYMENTS;

    /** As {@code ADMIN_TOKENS} writes it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Operator {
    roles = Set.copyOf(roles);
  }

  public boolean may(Role role) {
    return role == Role.VIEWER || roles.contains(role);
  }

  /** The roles as {@code ADMIN_TOKENS} writes them. */
  public String rolesText() {
    return new TreeSet<>(roles).stream().map(Role::text).collect(Collectors.joining("+"));
  }
}
