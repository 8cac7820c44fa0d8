// Appends each change of the feed to LOG once, in order, however often this process or the
// service is killed: node consume.mjs /run/huimin/desk.sock LOG
import * as fs from "node:fs";
import { request } from "node:http";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

const [address, log] = process.argv.slice(2);
const socketPath = address.startsWith("/") ? address : undefined;
const url = new URL("/api/questions/changes.after", socketPath ? "http://localhost" : address);
const form = { method: "POST", socketPath, headers: { "Content-Type": "application/json" } };
const whole = fs.readFileSync(log, { encoding: "utf8", flag: "a+" }).replace(/[^\n]*$/, "");
fs.truncateSync(log, Buffer.byteLength(whole)); // a change that was cut short comes again
let after = whole ? JSON.parse(whole.trimEnd().split("\n").at(-1)).position : 0;

async function ask() {
  const body = JSON.stringify({ args: { after, limit: 50 } });
  const send = (took, failed) => request(url, form, took).on("error", failed).end(body);
  const response = await new Promise(send);
  const said = await json(response);
  if (response.statusCode === 200) return said.answer;
  throw new Error(JSON.stringify(said));
}
for (;;) {
  const page = await ask().catch((fault) => (console.error(`${fault}`), []));
  const lines = page.map((change) => `${JSON.stringify(change)}\n`);
  if (lines.length) fs.writeFileSync(log, lines.join(""), { flag: "a", flush: true });
  else await sleep(100);
  after = page.at(-1)?.position ?? after; // LOG holds it: both are kept, or neither
}
