// Buys a seat of a date by a client that was made out of openapi.yaml: node build/buy.js <url> <concert>
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Place = components["schemas"]["Place"];

declare const process: { argv: string[] };

const [, , baseUrl = "", concertId = ""] = process.argv;
const api = createClient<paths>({ baseUrl });

function must<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function admitted(uuid: string): Promise<Place> {
  let place = must(await api.POST("/api/v1/users/queueEntity", { body: { uuid, concertId } }));
  while (place.state !== "ACTIVE") {
    await new Promise((over) => setTimeout(over, place.pollAfterMillis));
    place = must(await api.POST("/api/v1/users/queueEntity", { headers: bearer(place) }));
  }
  return place;
}

const bearer = (place: Place) => ({ Authorization: `Bearer ${place.jwt}` });
const once = () => ({ header: { "Idempotency-Key": crypto.randomUUID() } });

const buyer = must(await api.POST("/api/v1/users", { body: { name: "TypeScript" } }));
const headers = bearer(await admitted(buyer.uuid));
const dates = must(
  await api.GET("/api/v1/reservations/dates/{concertId}", { headers, params: { path: { concertId } } }),
);
const scheduleId = dates.scheduleIds[0] ?? "";
const free = must(
  await api.GET("/api/v1/reservations/seats/{scheduleId}", { headers, params: { path: { scheduleId } } }),
);
const seatId = free.seatIds[0] ?? "";

const hold = must(
  await api.POST("/api/v1/reservations/seats", { headers, params: once(), body: { scheduleId, seatId } }),
);
if (!hold.isReserved || hold.holdDeadline === null || hold.seatNo !== free.seatNos[0]) {
  throw new Error(`not held: ${JSON.stringify(hold)}`);
}

const rival = must(await api.POST("/api/v1/users", { body: {} }));
const refused = must(
  await api.POST("/api/v1/reservations/seats", {
    headers: bearer(await admitted(rival.uuid)),
    params: once(),
    body: { scheduleId, seatId },
  }),
);
if (refused.isReserved || refused.holdDeadline !== null || refused.reason !== "SEAT_TAKEN") {
  throw new Error(`held twice: ${JSON.stringify(refused)}`);
}

const balance = must(
  await api.PATCH("/api/v1/accounts/balances", {
    headers,
    params: once(),
    body: { userId: buyer.uuid, balanceAdjustment: hold.price },
  }),
);
const receipt = must(
  await api.POST("/api/v1/accounts/payments", {
    headers,
    params: once(),
    body: { scheduleId, seatId, price: balance.balance },
  }),
);
const bills = must(await api.GET("/api/v1/accounts/bills", { headers }));
const layout = must(
  await api.GET("/api/v1/schedules/{id}/layout", { params: { path: { id: scheduleId } } }),
);
const seat = layout.sections.flatMap((section) => section.rows.flatMap((row) => row.seats))[0];
if (bills.items[0]?.refundedAt !== null || seat?.id !== seatId) {
  throw new Error(`${JSON.stringify(bills)} ${JSON.stringify(seat)}`);
}
console.log(`bought ${receipt.seatId} ${receipt.billId} ${bills.items[0].billId}`);
