"""The providers' official libraries as tools/libraries has them sign: one class each."""
import base64, dataclasses, hashlib, json, os, string, time, urllib.parse, uuid
from datetime import datetime, timezone

PUBLIC = "https://hooks.example.com"  # as the providers know the service


@dataclasses.dataclass
class Request:
    """What is posted, the id that its event must get, and how many events it has in it."""
    id: str
    body: str
    headers: dict
    signed: list  # what one byte may be changed in: (body, query or a header's name, pattern of the part of it)
    query: str = ""
    parts: int = 0


class Writer:
    """Varied content: any script, what needs escaping, and from a few bytes to some hundred thousand."""
    PIECES = ["order ", "Zürich ", "naïve ", "日本語", "🙂", "👩‍👧 ", "שלום ", "e\u0301", "\u2028", "\ufeff", "\u00a0", '"', "\\",
              "/", "<b>&amp;</b>", "a=b&c=d", "100 %", "%2F", "+", ";", "\n", "\t", "\u0001", "0", "."]
    SIZES = [0, 1, 20, 20, 200, 200, 1_000, 3_000, 3_000, 15_000, 17_000, 120_000]

    def __init__(self, rng):
        self.rng = rng

    def text(self, size=None):
        size = self.rng.choice(self.SIZES) if size is None else size
        return "".join(self.rng.choices(self.PIECES, k=size // 3 + 1))[:size]

    def token(self, size=24):
        return "".join(self.rng.choices(string.ascii_letters + string.digits, k=size))

    def json(self, value):
        style = self.rng.choice([{}, {"separators": (",", ":")}, {"indent": 2}])
        text = json.dumps(value, ensure_ascii=self.rng.random() < 0.5, **style)
        return text + self.rng.choice(["", "", "\n"])


def now():
    return str(int(time.time()))


class Sender:
    """A library, the source that takes what it signs, and a secret for both. Signed with what the library offers."""
    provider = ""

    def __init__(self, writer):
        self.writer, self.secret = writer, writer.token(32)
        self.load()

    @property
    def source(self):
        return self.provider

    def settings(self, ledger):
        """The source's entry in daybook.yaml."""
        return {"provider": self.provider, "secrets": ["plain:" + self.secret]}

    def keys(self):
        """What a captured request is checked by."""
        return {"provider": self.provider, "secret": self.secret}

    def url(self, request):
        return f"{PUBLIC}/hooks/{self.source}{request.query}"

    def accepts(self, request):
        """Whether the library itself takes it."""
        try:
            return self.check(request) is not False
        except Exception:
            return False


class Stripe(Sender):
    provider, package = "stripe", "stripe"

    def load(self):
        import stripe
        self.secret, self.tool = "whsec_" + self.secret, stripe.WebhookSignature

    def make(self, n):
        id = f"evt_{n}{self.writer.token()}"
        body = self.writer.json({"id": id, "object": "event", "type": "charge.updated", "created": int(now()), "data": {
            "object": {"id": f"ch_{n}", "object": "charge", "description": self.writer.text()}}})
        header = self.tool.generate_signature_header(body, self.secret)
        return Request(id, body, {"Stripe-Signature": header, "Content-Type": "application/json; charset=utf-8"}, [
            ("body", ".+"), ("Stripe-Signature", "(?<=v1=).+"), ("Stripe-Signature", r"\d\d(?=,)")])

    def check(self, request):
        return self.tool.verify_header(request.body, request.headers["Stripe-Signature"], self.secret, 300)


class StandardWebhooks(Sender):
    provider, package, prefix = "standard", "standardwebhooks", "webhook"

    def load(self):
        import standardwebhooks
        self.use(standardwebhooks.Webhook)

    def use(self, tool):
        self.secret = "whsec_" + base64.b64encode(self.secret.encode()).decode()
        self.tool = tool(self.secret)

    def make(self, n):
        id, moment = f"msg_{n}{self.writer.token()}", datetime.now(timezone.utc)
        body = self.writer.json({"type": "order.updated", "timestamp": moment.isoformat(),
                                 "data": {"order": n, "note": self.writer.text()}})
        names = [f"{self.prefix}-{name}" for name in ("id", "timestamp", "signature")]
        values = [id, str(int(moment.timestamp())), self.tool.sign(id, moment, body)]
        return Request(id, body, {**dict(zip(names, values)), "Content-Type": "application/json"}, [
            ("body", ".+"), (names[2], "(?<=v1,).+"), (names[1], r"\d\d$"), (names[0], ".+")])

    def check(self, request):
        self.tool.verify(request.body, request.headers)


class Svix(StandardWebhooks):
    provider, package, prefix = "svix", "svix", "svix"

    def load(self):
        import svix.webhooks
        self.use(svix.webhooks.Webhook)


class Slack(Sender):
    provider, package = "slack", "slack_sdk"

    def load(self):
        from slack_sdk.signature import SignatureVerifier
        self.tool = SignatureVerifier(self.secret)

    def make(self, n):
        id, time = f"Ev{n}{self.writer.token(8)}", now()
        body = self.writer.json({"type": "event_callback", "team_id": "T1", "event_id": id, "event_time": int(time), "event": {
            "type": "message", "channel": f"C{n}", "text": self.writer.text()}})
        signature = self.tool.generate_signature(timestamp=time, body=body)
        headers = {"X-Slack-Request-Timestamp": time, "X-Slack-Signature": signature, "Content-Type": "application/json"}
        return Request(id, body, headers, [
            ("body", ".+"), ("X-Slack-Signature", "(?<=v0=).+"), ("X-Slack-Request-Timestamp", r"\d\d$")])

    def check(self, request):
        return self.tool.is_valid_request(request.body, request.headers)


class Fields(dict):
    """A form's fields, each with all of its values, as web frameworks hand them to Twilio's library."""
    getlist = dict.__getitem__


class Twilio(Sender):
    """Forms, every third with a repeated field; every fourth message is JSON; half are signed with the URL's port."""
    provider, package = "twilio", "twilio"
    FORM = "application/x-www-form-urlencoded; charset=UTF-8"

    def load(self):
        import twilio.request_validator as tool
        self.add_port, self.tool = tool.add_port, tool.RequestValidator(self.secret)

    def make(self, n):
        id, covered = str(uuid.UUID(int=self.writer.rng.getrandbits(128))), [("body", ".+")]
        fields = Fields({"MessageSid": [f"SM{n:032x}"], "MessageStatus": ["delivered"], "From": ["+15005550006"], "Empty": [""],
                         "Body": [self.writer.text()], self.writer.text(9) + "x": [self.writer.text(9)]})
        if n % 3 == 0:
            fields["Media"] = [self.writer.text(12) for _ in range(3)]
        request = Request(id, urllib.parse.urlencode(fields, doseq=True), {"Content-Type": self.FORM}, covered)
        if n % 4 == 3:
            request.body, fields = self.writer.json(fields), {}
            request.headers["Content-Type"] = "application/json"
            request.query = f"?bodySHA256={self.tool.compute_hash(request.body)}"
        elif n % 4 == 1:
            request.query = f"?order={n}&shop={self.writer.token(9)}"
        if request.query:
            covered.append(("query", r"(?<==)\w+$"))
        covered.append(("X-Twilio-Signature", ".+"))
        url = self.url(request)
        signed = self.add_port(urllib.parse.urlparse(url)) if n % 2 else url
        request.headers["X-Twilio-Signature"] = self.tool.compute_signature(signed, fields)
        request.headers["I-Twilio-Idempotency-Token"] = id
        return request

    def check(self, request):
        content = request.body
        if request.headers["Content-Type"] == self.FORM:
            content = Fields(urllib.parse.parse_qs(request.body, keep_blank_values=True))
        return self.tool.validate(self.url(request), content, request.headers["X-Twilio-Signature"])


class HubSpot(Sender):
    """Each version in turn: lists of events with v1 or v3, half of these with v1 beside it, and one object with v2."""
    provider, package = "hubspot", "hubspot-api-client"

    def load(self):
        from hubspot.utils.signature import Signature
        self.tool = Signature

    def make(self, n):
        version, time = ("v1", "v2", "v3")[n % 3], now() + f"{self.writer.rng.randrange(1000):03}"
        events = [{"eventId": 1000 * n + i, "subscriptionId": 7, "occurredAt": int(time), "subscriptionType": "contact.creation",
                   "objectId": n, "note": self.writer.text()} for i in range(self.writer.rng.randrange(1, 4))]
        parts = 0 if version == "v2" else len(events)
        query = self.writer.rng.choice(["", f"?portal={n}", f"?a=1&b={self.writer.token(9)}"])
        body = self.writer.json(events if parts else events[0])
        request = Request("sha256:" + hashlib.sha256(body.encode()).hexdigest(), body, {"Content-Type": "application/json"},
                          [("body", ".+")], query, parts)
        if version == "v3":
            request.headers["X-HubSpot-Request-Timestamp"] = time
            request.signed.append(("X-HubSpot-Request-Timestamp", r"\d\d\d\d$"))
            request.headers["X-HubSpot-Signature-v3"] = self.sign(request, version)
        if version != "v3" or n % 2:
            old = "v1" if version == "v3" else version
            request.headers.update({"X-HubSpot-Signature": self.sign(request, old), "X-HubSpot-Signature-Version": old})
        request.signed.append(("X-HubSpot-Signature" + ("-v3" if version == "v3" else ""), ".+"))
        if query and version != "v1":
            request.signed.append(("query", r"(?<==)\w+$"))
        return request

    def sign(self, request, version):
        time = request.headers.get("X-HubSpot-Request-Timestamp")
        return self.tool.get_signature(self.secret, request.body, version, self.url(request), "POST", time)

    def check(self, request):
        headers, name = request.headers, "X-HubSpot-Signature-v3"
        version = "v3" if name in headers else headers["X-HubSpot-Signature-Version"]
        return self.tool.is_valid(headers[name if version == "v3" else "X-HubSpot-Signature"], self.secret, request.body,
                                  self.url(request), "POST", version, headers.get("X-HubSpot-Request-Timestamp"))


class PubSub(Sender):
    """Google's tokens, which do not cover the body: only they are changed. One of two keys signs."""
    provider, package = "google-pubsub", "PyJWT"
    AUDIENCE, EMAIL, ISSUER = "orders-push", "push@shop-1.iam.gserviceaccount.com", "https://accounts.google.com"

    def load(self):
        import jwt
        from cryptography.hazmat.primitives.asymmetric import rsa
        self.tool = jwt
        self.private = {kid: rsa.generate_private_key(65537, 2048) for kid in ("first", "second")}
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk
        self.public = {kid: {**jwk(key.public_key(), as_dict=True), "kid": kid, "alg": "RS256", "use": "sig"}
                       for kid, key in self.private.items()}

    def settings(self, ledger):
        with open(os.path.join(ledger, "google-keys.json"), "w") as f:
            json.dump({"keys": list(self.public.values())}, f)
        return {"provider": self.provider, "keys": ["file:google-keys.json"], "audience": self.AUDIENCE,
                "email": "plain:" + self.EMAIL}

    def keys(self):
        return {"provider": self.provider, "public_jwk": {"keys": list(self.public.values())},
                "expected": {"aud": self.AUDIENCE, "email": self.EMAIL}}

    def make(self, n):
        id, moment, kid = str(10**15 + n), int(now()) - n % 600, ("first", "second")[n % 2]
        body = self.writer.json({"subscription": "projects/shop-1/subscriptions/orders", "message": {
            "messageId": id, "publishTime": datetime.now(timezone.utc).isoformat(), "attributes": {"note": self.writer.text(30)},
            "data": base64.b64encode(self.writer.text().encode()).decode()}})
        claims = {"iss": self.ISSUER, "aud": self.AUDIENCE, "azp": str(n), "sub": self.writer.token(21), "iat": moment,
                  "exp": moment + 3600, "email": self.EMAIL, "email_verified": True}
        token = self.tool.encode(claims, self.private[kid], algorithm="RS256", headers={"kid": kid})
        part = r"(?<=[ .])[\w-]+"
        return Request(id, body, {"Authorization": "Bearer " + token, "Content-Type": "application/json"}, [
            ("Authorization", part + end) for end in (r"(?=\.[\w-]+\.)", r"(?=\.[\w-]+$)", "$")])

    def check(self, request):
        token = request.headers["Authorization"].removeprefix("Bearer ")
        key = self.tool.PyJWK(self.public[self.tool.get_unverified_header(token)["kid"]])
        claims = self.tool.decode(token, key, algorithms=["RS256"], audience=self.AUDIENCE, issuer=self.ISSUER)
        return claims["email"] == self.EMAIL and claims["email_verified"]


SENDERS = [Stripe, StandardWebhooks, Svix, Slack, Twilio, HubSpot, PubSub]
