// A receiver of webhooks without libraries: `WEBHOOK_SECRET=whsec_… node webhook_receiver.mjs 8080`
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
const seen = new Set(); // keep it in your database: a message may come again

function isGenuine(headers, body) {
  const time = Number(headers["webhook-timestamp"]);
  if (!(Math.abs(Date.now() / 1000 - time) < 300)) return false;
  const signed = Buffer.concat([Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.`), body]);
  const wanted = createHmac("sha256", key).update(signed).digest();
  return (headers["webhook-signature"] ?? "").split(" ").some((one) => {
    const [version, signature] = one.split(",");
    const given = Buffer.from(signature ?? "", "base64");
    return version === "v1" && given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

createServer(async (request, response) => {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  const body = Buffer.concat(pieces);
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
  if (!seen.has(request.headers["webhook-id"])) {
    seen.add(request.headers["webhook-id"]);
    const message = JSON.parse(body);
    console.log(message.type, message.data.id ?? "");
  }
  response.writeHead(204).end();
}).listen(Number(process.argv[2]));
