// Shows the answer beside the form that asks for it, and the same as a line for curl: <form data-try="/path/{part}/">.
const form = document.querySelector("[data-try]");
const told = document.querySelector("[data-told]");
const key = document.getElementById("try-key");

function addressOf() {
  let path = form.dataset.try;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (path.includes(`{${name}}`)) path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.append(name, value);
  }
  return path + (query.size ? `?${query}` : "");
}

function show(name, text) {
  told.querySelector(`[data-${name}]`).textContent = text;
}

async function bodyOf(answer) {
  const type = answer.headers.get("content-type") ?? "";
  if (!type.includes("json")) {
    await answer.body?.cancel();
    return type;
  }
  return JSON.stringify(await answer.json(), null, 2);
}

async function ask(event) {
  event.preventDefault();
  const address = addressOf();
  const secret = key.value.trim();
  told.hidden = false;
  show("status", "Asking …");
  show("body", "");
  show("curl", `curl ${secret ? "-H 'Authorization: Bearer …' " : ""}'${location.origin}${address.replaceAll("'", "%27")}'`);
  try {
    const headers = secret ? { Authorization: `Bearer ${secret}` } : {};
    const answer = await fetch(address, { headers, credentials: "omit" });
    const lines = ["content-type", "etag", "last-modified", "cache-control", "link"].filter((one) => answer.headers.has(one));
    show("status", `${answer.status} ${answer.statusText}`);
    show("body", `${lines.map((one) => `${one}: ${answer.headers.get(one)}`).join("\n")}\n\n${await bodyOf(answer)}`);
  } catch {
    show("status", "No answer came. Try again in a while.");
  }
}

if (form && told) {
  form.querySelector("[data-key]").hidden = false;
  form.addEventListener("submit", ask);
}
