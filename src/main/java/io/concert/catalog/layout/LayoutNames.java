package io.concert.catalog.layout;

/** How seats are named. */
public final class LayoutNames {
  private LayoutNames() {}

  public static String seatNo(String section, String row, String number) {
    return section + "-" + row + "-" + number;
  }
}
