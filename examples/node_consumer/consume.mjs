// Follows the feed of changes and writes each of them down once, in order, whenever
// this process or the service is killed: node consume.mjs /run/huimin/desk.sock LOG
import * as fs from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const [address, log] = process.argv.slice(2);
const where = address.startsWith("/") ? { socketPath: address } : new URL(address);
const { socketPath, hostname, port } = where;
const kept = `${log}.position`;
let state = { position: 0, size: 0 }; // of the last change, and where it ends in LOG
if (fs.existsSync(kept)) state = JSON.parse(fs.readFileSync(kept, "utf8"));
if (fs.existsSync(log)) fs.truncateSync(log, state.size); // the rest comes again

function ask(after) {
  const path = "/api/questions/changes.after", method = "POST";
  const headers = { "Content-Type": "application/json" };
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, hostname, port, path, method, headers }, async (answer) => {
      let text = "";
      for await (const part of answer.setEncoding("utf8")) text += part;
      answer.statusCode === 200 ? resolve(JSON.parse(text).answer) : reject(text);
    });
    call.on("error", reject).end(JSON.stringify({ args: { after, limit: 50 } }));
  });
}

for (;;) {
  const page = await ask(state.position).catch((fault) => (console.error(`${fault}`), []));
  if (!page.length) {
    await sleep(100);
    continue;
  }
  const text = page.map((change) => JSON.stringify(change) + "\n").join("");
  fs.writeFileSync(log, text, { flag: "a", flush: true }); // the effect first
  state = { position: page.at(-1).position, size: state.size + Buffer.byteLength(text) };
  fs.writeFileSync(`${kept}.new`, JSON.stringify(state), { flush: true });
  fs.renameSync(`${kept}.new`, kept); // then the position: whole, or as it was
}
