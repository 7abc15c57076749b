"""A receiver of webhooks: `WEBHOOK_SECRET=whsec_… python webhook_receiver.py 8080`, after `pip install standardwebhooks`."""  # noqa: INP001

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

webhook = Webhook(os.environ["WEBHOOK_SECRET"])
seen: set[str] = set()  # keep it in your database: a message may come again


class Receiver(BaseHTTPRequestHandler):
    """Verifies, remembers, answers at once; the work itself belongs into a queue."""

    def do_POST(self) -> None:
        """Take a message."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            message = webhook.verify(body, dict(self.headers))
        except WebhookVerificationError:
            self.send_error(401)
            return
        if self.headers["webhook-id"] not in seen:
            seen.add(self.headers["webhook-id"])
            print(message["type"], message["data"].get("id", ""), flush=True)  # noqa: T201
        self.send_response(204)
        self.end_headers()


ThreadingHTTPServer(("", int(sys.argv[1])), Receiver).serve_forever()
