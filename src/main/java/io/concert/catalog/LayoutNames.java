package io.concert.catalog;

/** How seats are named. */
final class LayoutNames {
  private LayoutNames() {}

  static String seatNo(String section, String row, String number) {
    return section + "-" + row + "-" + number;
  }
}
