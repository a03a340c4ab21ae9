import client.ApiClient;
import client.ApiException;
import client.api.AccountsApi;
import client.api.CatalogueApi;
import client.api.ReservationsApi;
import client.api.UsersApi;
import client.model.Adjustment;
import client.model.Bill;
import client.model.Entry;
import client.model.HoldAnswer;
import client.model.Layout;
import client.model.NewUser;
import client.model.Payment;
import client.model.Place;
import client.model.Receipt;
import client.model.SeatToHold;
import client.model.User;
import java.util.Map;
import java.util.UUID;

/**
 * Buys a seat of a date by a client that was made out of openapi.yaml: the arguments are an address
 * and a concert.
 */
final class Buy {
  private final UsersApi users;
  private final ReservationsApi reservations;
  private final AccountsApi accounts;
  private final CatalogueApi catalogue;
  private final String concert;

  private Buy(String url, String concert) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(url);
    this.users = new UsersApi(client);
    this.reservations = new ReservationsApi(client);
    this.accounts = new AccountsApi(client);
    this.catalogue = new CatalogueApi(client);
    this.concert = concert;
  }

  public static void main(String[] arguments) throws Exception {
    System.out.println(new Buy(arguments[0], arguments[1]).buy());
  }

  private String buy() throws Exception {
    User buyer = users.createUser(new NewUser().name("Java"));
    Map<String, String> token = admitted(buyer);
    String schedule = reservations.dates(concert, token).getScheduleIds().get(0);
    var free = reservations.seats(schedule, null, token);
    SeatToHold seat = new SeatToHold().scheduleId(schedule).seatId(free.getSeatIds().get(0));

    HoldAnswer hold = reservations.hold(seat, once(), token);
    require(
        hold.getIsReserved()
            && hold.getHoldDeadline() != null
            && hold.getSeatNo().equals(free.getSeatNos().get(0)),
        hold);
    Map<String, String> rival = admitted(users.createUser(new NewUser()));
    HoldAnswer refused = reservations.hold(seat, once(), rival);
    require(
        !refused.getIsReserved()
            && refused.getHoldDeadline() == null
            && refused.getReason() == HoldAnswer.ReasonEnum.SEAT_TAKEN,
        refused);

    Adjustment charge = new Adjustment().userId(buyer.getUuid()).balanceAdjustment(hold.getPrice());
    Payment payment =
        new Payment()
            .scheduleId(schedule)
            .seatId(seat.getSeatId())
            .price(accounts.chargeOrAsk(charge, once(), token).getBalance());
    Receipt receipt = accounts.pay(payment, once(), token);
    Bill bill = accounts.bills(null, null, token).getItems().get(0);
    require(bill.getRefundedAt() == null, bill);
    Layout layout = catalogue.layout(schedule, null, null);
    String first = layout.getSections().get(0).getRows().get(0).getSeats().get(0).getId();
    return "bought %s %s %s %s"
        .formatted(receipt.getSeatId(), receipt.getBillId(), bill.getBillId(), first);
  }

  private Map<String, String> admitted(User user) throws ApiException, InterruptedException {
    Place place = users.enterOrPoll(new Entry().uuid(user.getUuid()).concertId(concert));
    while (place.getState() != Place.StateEnum.ACTIVE) {
      Thread.sleep(place.getPollAfterMillis());
      place = users.enterOrPoll(null, bearer(place));
    }
    return bearer(place);
  }

  private static Map<String, String> bearer(Place place) {
    return Map.of("Authorization", "Bearer " + place.getJwt());
  }

  private static String once() {
    return UUID.randomUUID().toString();
  }

  private static void require(boolean holds, Object seen) {
    if (!holds) {
      throw new IllegalStateException(String.valueOf(seen));
    }
  }
}
