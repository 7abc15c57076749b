"""A receiver as a partner would run one: `python -m tests.incidents.subscriptions.receiving_process PORT SECRET FOLDER`.

It verifies each message by the real library, writes what it accepts to `accepted` and what it cannot verify to `refused`, one
line each. What it does is said in `mood`: `well`, `failing`, `stalling`, or `forgetful` (accepts, and does not answer).
"""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

STALL_SECONDS = 4


def answering(webhook: Webhook, folder: Path) -> type[BaseHTTPRequestHandler]:
    """What answers requests."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            mood = (folder / "mood").read_text()
            if mood == "stalling":
                time.sleep(STALL_SECONDS)
                return
            if mood == "failing":
                self.send_error(503)
                return
            try:
                message = webhook.verify(body, dict(self.headers.items()))
            except WebhookVerificationError as problem:
                write(folder / "refused", [str(problem)])
                self.send_error(401)
                return
            data = message["data"]
            write(folder / "accepted", [self.headers["webhook-id"], message["type"], data["id"], data["number"]])
            if mood == "forgetful":
                return
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Answering


def write(path: Path, told: list[object]) -> None:
    """Add a line to a file, at once."""
    with path.open("a") as file:
        file.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    port, secret, place = sys.argv[1:]
    ThreadingHTTPServer(("127.0.0.1", int(port)), answering(Webhook(secret), Path(place))).serve_forever()
