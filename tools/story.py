"""A small company's afternoon, told to a running daybook by signed webhooks and calls: what tools/walkthrough walks through."""
import hashlib, hmac, http.client, json, time
from base64 import b64decode, b64encode
from datetime import datetime, timedelta, timezone

STRIPE, WOO = "whsec_walkthrough_stripe", "walkthrough-woo"
OMS = "whsec_" + b64encode(b"walkthrough-oms-secret-0").decode()

CONFIGURATION = """\
origin: "harbour.example/daybook"
listen: 127.0.0.1:0
head_file: head
sources:
  stripe: {{ provider: stripe, secrets: ["plain:{stripe}"] }}
  shop: {{ provider: woocommerce, secrets: ["plain:{woo}"] }}
  oms: {{ provider: standard, secrets: ["plain:{oms}"] }}
services:
  carrier:
    base: {base}
    auth: {{ bearer: "plain:carrier-key" }}
    limits: [40/1m]
    retries: 2
    breaker: {{ calls: 100 }}
    allow_private: true
"""


def configuration(base: str) -> str:
    """The daybook.yaml of the story; `base` is where its one service is."""
    return CONFIGURATION.format(stripe=STRIPE, woo=WOO, oms=OMS, base=base)


class Story:
    """Sends what happens, one after the other, so that every telling is the same but for its times."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token, self.number = port, token, 0
        self.now = datetime.now(timezone.utc).replace(microsecond=0)

    def at(self, minutes_ago: float) -> datetime:
        return self.now - timedelta(minutes=minutes_ago)

    def post(self, path: str, body: bytes, headers: dict[str, str], expected: int = 200) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        link.request("POST", path, body, {"Content-Type": "application/json", **headers})
        answer = link.getresponse()
        text = answer.read()
        link.close()
        if answer.status != expected:
            raise SystemExit(f"POST {path}: {answer.status} {text.decode(errors='replace')}, expected {expected}")

    def stripe(self, id: str, type: str, data: dict, minutes_ago: float, forged: bool = False) -> None:
        event = {"id": id, "object": "event", "type": type, "created": int(self.at(minutes_ago).timestamp()), "data": {"object": data}}
        body, moment = json.dumps(event).encode(), str(int(time.time()))
        mac = hmac.new((STRIPE + "x" * forged).encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        self.post("/hooks/stripe", body, {"Stripe-Signature": f"t={moment},v1={mac}"}, 401 if forged else 200)

    def shop(self, id: str, topic: str, order: dict) -> None:
        body = json.dumps(order).encode()
        mac = b64encode(hmac.new(WOO.encode(), body, hashlib.sha256).digest()).decode()
        self.post("/hooks/shop", body, {"X-WC-Webhook-Signature": mac, "X-WC-Webhook-Topic": topic, "X-WC-Webhook-Delivery-ID": id,
                                        "X-WC-Webhook-Source": "https://shop.harbour.example/"})

    def oms(self, id: str, type: str, data: dict, minutes_ago: float) -> None:
        body = json.dumps({"type": type, "timestamp": self.at(minutes_ago).isoformat(), "data": data}).encode()
        moment = str(int(time.time()))
        mac = hmac.new(b64decode(OMS[6:]), f"{id}.{moment}.".encode() + body, hashlib.sha256).digest()
        self.post("/hooks/oms", body, {"webhook-id": id, "webhook-timestamp": moment, "webhook-signature": "v1," + b64encode(mac).decode()})

    def order(self, number: int, status: str, total: str, minutes_ago: float) -> None:
        self.number += 1
        when = self.at(minutes_ago).strftime("%Y-%m-%dT%H:%M:%S")
        self.shop(f"woo_{self.number:04}", "order.created" if status == "pending" else "order.updated", {
            "id": number, "number": str(number), "status": status, "currency": "EUR", "total": total, "date_created_gmt": when,
            "date_modified_gmt": when, "billing": {"first_name": "Ada", "last_name": "Example", "email": f"ada{number}@example.com"}})

    def payment(self, id: str, number: int, cents: int, minutes_ago: float, type: str = "payment_intent.succeeded") -> None:
        self.stripe(f"evt_{id}", type, {"id": f"pi_{id}", "object": "payment_intent", "amount": cents, "amount_received": cents,
                                        "currency": "eur", "metadata": {"order_id": str(number)}}, minutes_ago)

    def call(self, method: str, path: str, expected: int) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        link.request(method, f"/out/carrier{path}", b"{}" if method == "POST" else None,
                     {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"})
        answer = link.getresponse()
        answer.read()
        link.close()
        if answer.status != expected:
            raise SystemExit(f"{method} {path}: {answer.status}, expected {expected}")

    def tell(self) -> None:
        """Ten orders: most go well; 1004 is paid late, 1006 is refunded, 1007 paid too little, 1008 shipped and never paid."""
        for number in range(1001, 1011):
            self.order(number, "pending", f"{number - 1000}9.90", 58)
        for number in (1001, 1002, 1003, 1005, 1006):
            self.payment(f"{number}", number, int(f"{number - 1000}990"), 50)
            self.order(number, "processing", f"{number - 1000}9.90", 49)
        self.payment("1007", 1007, 7000, 48)
        self.stripe("evt_forged", "payment_intent.succeeded", {"id": "pi_forged", "metadata": {"order_id": "1008"}}, 47, forged=True)
        self.call("GET", "/rates", 200)
        self.call("GET", "/rates?zone=2", 200)
        for _ in range(3):
            self.call("GET", "/broken", 500)
        for number in (1001, 1002, 1008):
            self.oms(f"msg_ship_{number}", "order.shipped", {"order": f"woo-{number}", "tracking": f"TRK{number}"}, 40)
        self.payment("1002", 1002, 2990, 50)  # a redelivery
        self.order(1003, "completed", "39.90", 30)
        self.order(1003, "processing", "39.90", 45)  # comes after what is newer
        self.payment("1004", 1004, 4990, 56)  # comes an hour late
        self.stripe("evt_refund_1006", "charge.refunded", {"id": "ch_1006", "object": "charge", "payment_intent": "pi_1006", "refunded": True,
                                                         "amount_refunded": 6990, "currency": "eur"}, 20)
        self.oms("msg_member_1", "member.joined", {"member": "77", "tier": "gold", "chapter": "Kiel", "name": "Ada Example",
                                                    "email": "ada@example.com"}, 35)
        self.oms("msg_member_2", "member.renewed", {"member": "77", "expires_at": self.at(-525600).isoformat()}, 15)
