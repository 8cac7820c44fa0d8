"""Repeat a draw: huimin spot-check record KEY --json | python3 docs/repeat_draw.py ."""

import hashlib
import json
import sys


def sha(text):  # noqa: ANN001, ANN201, D103
    return hashlib.sha256(text.encode()).hexdigest()


record = json.load(sys.stdin)
told = {party: sha(secret) for party, secret in record["secrets"].items()}
seed = sha(record["secrets"]["office"] + ":" + record["secrets"]["supervision"])
strata = {risk: [] for risk in record["sizes"]}
for subject, risk, *_ in json.loads(record["population"]):
    strata[risk].append((sha(f"{seed}:{subject}"), subject))
drawn = {k: [s for _, s in sorted(strata[k])][:n] for k, n in record["sizes"].items()}
same = told == record["commitments"] and drawn == record["drawn"]
same = same and sha(record["population"]) == record["population_digest"]
print(json.dumps({"seed": seed, "same": same, "drawn": drawn}, ensure_ascii=False))
